// How times, spans, days and phones are written for people. Pure; the server's pages write them alike (src/pages/words.rs).
import type { Language } from '../api/types';
import { wallClock } from './zone';

const NBSP = '\u00a0';

/** « 13 h 30 » · 13:30. Dispatchers read 24 hours in both languages. */
export function clock(at: string | number, language: Language, zone: string): string {
  const { hour, minute } = wallClock(typeof at === 'number' ? at : Date.parse(at), zone);
  return written(hour, minute, language);
}

/** "17:00", an hour of every day, as people write it: « 17 h 00 » · 17:00. */
export const hourOfDay = (time: string, language: Language): string =>
  written(Number(time.slice(0, 2)), Number(time.slice(3, 5)), language);

function written(hour: number, minute: number, language: Language): string {
  const two = String(minute).padStart(2, '0');
  return language === 'fr' ? `${hour}${NBSP}h${NBSP}${two}` : `${hour}:${two}`;
}

/** The same without its spaces, for the bars of the timeline: « 13h30 » · 13:30. */
export function tightClock(at: string | number, language: Language, zone: string): string {
  const w = wallClock(typeof at === 'number' ? at : Date.parse(at), zone);
  return `${w.hour}${language === 'fr' ? 'h' : ':'}${String(w.minute).padStart(2, '0')}`;
}

/** The hour of an axis: « 13 h » · 13:00. */
export function wallHour(at: number, language: Language, zone: string): string {
  const { hour } = wallClock(at, zone);
  return language === 'fr' ? `${hour}${NBSP}h` : `${hour}:00`;
}

export function spanOf(span: { start: string; end: string }, language: Language, zone: string): string {
  const [from, to] = [clock(span.start, language, zone), clock(span.end, language, zone)];
  return from === to ? from : `${from}\u2013${to}`;
}

/** « samedi 21 novembre » · Saturday, November 21. */
export function longDay(date: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-CA' : 'en-CA', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  }).format(Date.parse(`${date}T12:00:00Z`));
}

/** « 23–25 novembre » · November 23 – 25: several days, the first and the last of them. */
export function daysBetween(first: string, last: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'fr' ? 'fr-CA' : 'en-CA', {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return format.formatRange(Date.parse(`${first}T12:00:00Z`), Date.parse(`${last}T12:00:00Z`));
}

const dayOf = (ms: number, zone: string): string => wallClock(ms, zone).date;
const HOUR_MS = 3_600_000;

/** True for what ends on another day than it begins: not where that is midnight, or a night of a few hours. */
export function isOverDays(span: { start: string; end: string }, zone: string): boolean {
  const [from, to] = [Date.parse(span.start), Date.parse(span.end)];
  const isNight = to >= from && to < from + 12 * HOUR_MS;
  return to >= from + 24 * HOUR_MS || (!isNight && dayOf(from, zone) !== dayOf(to - 1, zone));
}

/** A window that was asked for or told: its hours, or its days where there are several. */
export function windowOf(window: { start: string; end: string }, language: Language, zone: string): string {
  return isOverDays(window, zone)
    ? daysBetween(dayOf(Date.parse(window.start), zone), dayOf(Date.parse(window.end) - 1, zone), language)
    : spanOf(window, language, zone);
}

/** « lun. 23 » · Mon 23: the same where there is no room. */
export function shortDay(date: string, language: Language): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  const weekday = new Intl.DateTimeFormat(language === 'fr' ? 'fr-CA' : 'en-CA', { weekday: 'short', timeZone: 'UTC' });
  return `${weekday.format(at)}${NBSP}${Number(date.slice(8))}`;
}

/** « 4 992,5 » · 4,992.5: a count, with as many decimals at most. */
export const count = (n: number, language: Language, decimals = 0): string =>
  new Intl.NumberFormat(language === 'fr' ? 'fr-CA' : 'en-CA', { maximumFractionDigits: decimals }).format(n);

/** 45 min, 1 h, 1 h 30: a duration, alike in both languages. */
export function minutes(count: number): string {
  const m = Math.abs(Math.round(count));
  if (m < 60) return `${m}${NBSP}min`;
  const rest = m % 60;
  return `${Math.floor(m / 60)}${NBSP}h${rest ? `${NBSP}${String(rest).padStart(2, '0')}` : ''}`;
}

/** +14505550123 as 450 555-0123; anything else as it is. */
export function phone(e164: string): string {
  const m = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return m ? `${m[1]}${NBSP}${m[2]}-${m[3]}` : e164;
}

/** The number by which people name a job: its own where it came from elsewhere, else the end of its id. */
export function numberOf(job: { id: string; external_id?: string | null }): string {
  return job.external_id || job.id.slice(-6);
}

/** Two letters for a map marker: first of the first name, first of the last. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s-]+/);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words[words.length - 1]?.[0] ?? '') : (words[0]?.[1] ?? '');
  return (first + last).toUpperCase();
}

/** A province, a country or a postal code, which follow the town in an address. */
const AFTER_TOWN = /^(qc|québec|quebec|on|canada|[a-z]\d[a-z].*|(qc|on)\s.*)$/i;

/** The town of an address written « number, street, town, province … », or all of it where there is but one part. */
export function town(address: string | undefined): string {
  const parts = (address ?? '').split(',').map((s) => s.trim());
  while (parts.length > 1 && AFTER_TOWN.test(parts.at(-1) ?? '')) parts.pop();
  return parts.at(-1) ?? '';
}

/** The family name alone, as dispatchers call a customer; a business whose name says more than two names keeps all of it. */
export function familyName(name: string | undefined): string {
  const words = (name ?? '').trim().split(/\s+/);
  const isBusiness = words.some((word) => /^(\p{Ll}|&|\d)/u.test(word));
  return (isBusiness ? words.join(' ') : words[words.length - 1]) ?? '';
}

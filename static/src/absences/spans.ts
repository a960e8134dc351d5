// The spans that an absence is usually given: the rest of today, today, tomorrow, or until a day and an hour. Pure.
import type { Span } from '../api/types';
import { minutesOf } from '../ui/time';
import { addDays, instantOf, rfc3339, wallClock } from '../words/zone';

export const PRESETS = ['rest', 'today', 'tomorrow', 'until'] as const;
export type Preset = (typeof PRESETS)[number];

/** From and until, as they stand in the fields. */
export interface Fields {
  from: string;
  fromTime: string;
  to: string;
  toTime: string;
}

const at = (date: string, minutes: number, zone: string): string => rfc3339(instantOf(date, minutes, zone));

/** The span of a preset as of now; null where a field is missing or the end does not come after the start. */
export function spanOfPreset(preset: Preset, nowMs: number, zone: string, fields: Fields): Span | null {
  const today = wallClock(nowMs, zone).date;
  if (preset === 'rest')
    return { start: rfc3339(Math.floor(nowMs / 60_000) * 60_000), end: at(addDays(today, 1), 0, zone) };
  if (preset === 'today') return { start: at(today, 0, zone), end: at(addDays(today, 1), 0, zone) };
  if (preset === 'tomorrow') return { start: at(addDays(today, 1), 0, zone), end: at(addDays(today, 2), 0, zone) };
  const { from, fromTime, to, toTime } = fields;
  if (!from || !fromTime || !to || !toTime) return null;
  const span = { start: at(from, minutesOf(fromTime), zone), end: at(to, minutesOf(toTime), zone) };
  return Date.parse(span.end) > Date.parse(span.start) ? span : null;
}

const HOUR_MS = 3_600_000;

/** What "until" begins with: from now to the end of the shift, or else to the same hour tomorrow, both on the clock's round marks. */
export function usualSpan(nowMs: number, shifts: readonly Span[]): Span {
  const start = Math.floor(nowMs / 300_000) * 300_000;
  const ends = shifts.filter((one) => Date.parse(one.start) < nowMs + 12 * HOUR_MS).map((one) => Date.parse(one.end));
  const end = ends.filter((one) => one > nowMs).sort((a, b) => a - b)[0];
  return { start: rfc3339(start), end: rfc3339(end ?? Math.ceil(nowMs / HOUR_MS + 24) * HOUR_MS) };
}

/** A span as fields. */
export function fieldsOf(span: Span, zone: string): Fields {
  const two = (n: number): string => String(n).padStart(2, '0');
  const [a, b] = [wallClock(Date.parse(span.start), zone), wallClock(Date.parse(span.end), zone)];
  return {
    from: a.date,
    fromTime: `${two(a.hour)}:${two(a.minute)}`,
    to: b.date,
    toTime: `${two(b.hour)}:${two(b.minute)}`,
  };
}

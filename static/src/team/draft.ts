// The form of a technician: from the record to what stands in the fields and back, what was changed, and what two
// people changed at once. Pure.
import { WEEKDAYS, type Home, type SkillHeld, type TechnicianFields } from '../api/team';
import type { Language, Span } from '../api/types';
import { addDays, instantOf, rfc3339, wallClock } from '../words/zone';
import { minutesOf, timeOf } from '../ui/time';
import { emptyWeek, overlapping, type Week } from './week';

/** Where the server points at when the home base is wrong. */
export const BASE = '/home';

/** A shift beside the usual ones; an end at or before the start is on the next day. */
export interface ExtraShift {
  date: string;
  start: string;
  end: string;
}

/** What stands in the fields. */
export interface Draft {
  name: string;
  phone: string;
  email: string;
  language: Language;
  address: string;
  lat: string;
  lon: string;
  skills: SkillHeld[];
  week: Week;
  extras: ExtraShift[];
  tracker: string;
}

export type Field = keyof TechnicianFields;

export const FIELDS: Field[] = [
  'name',
  'phone',
  'email',
  'language',
  'home',
  'skills',
  'weekly_schedule',
  'extra_shifts',
  'gps_device_id',
];

/** What can be edited, alone and in one form, so that two of them can be compared. */
export function fieldsOf(record: TechnicianFields): TechnicianFields {
  const week: TechnicianFields['weekly_schedule'] = {};
  for (const day of WEEKDAYS) {
    const hours = record.weekly_schedule[day];
    if (hours?.length) week[day] = hours.map(({ start, end }) => ({ start, end }));
  }
  return {
    name: record.name,
    phone: record.phone,
    email: record.email ?? null,
    language: record.language,
    home: { lat: record.home.lat, lon: record.home.lon, address: record.home.address ?? null },
    skills: record.skills.map(({ tag, level, expires_on }) => ({ tag, level, expires_on: expires_on ?? null })),
    weekly_schedule: week,
    extra_shifts: record.extra_shifts.map(({ start, end }) => ({
      start: rfc3339(Date.parse(start)),
      end: rfc3339(Date.parse(end)),
    })),
    gps_device_id: record.gps_device_id ?? null,
  };
}

/** The fields of nobody yet, who starts where the house is. */
export const nobody = (language: Language, home: Home): TechnicianFields => ({
  name: '',
  phone: '',
  email: null,
  language,
  home: { lat: home.lat, lon: home.lon, address: null },
  skills: [],
  weekly_schedule: {},
  extra_shifts: [],
  gps_device_id: null,
});

function extraOf(span: Span, zone: string): ExtraShift {
  const [start, end] = [wallClock(Date.parse(span.start), zone), wallClock(Date.parse(span.end), zone)];
  return {
    date: start.date,
    start: timeOf(start.hour * 60 + start.minute),
    end: timeOf(end.hour * 60 + end.minute),
  };
}

export function spanOfExtra(extra: ExtraShift, zone: string): Span {
  const [start, end] = [minutesOf(extra.start), minutesOf(extra.end)];
  const endsOn = end > start ? extra.date : addDays(extra.date, 1);
  return {
    start: rfc3339(instantOf(extra.date, start, zone)),
    end: rfc3339(instantOf(endsOn, end, zone)),
  };
}

/** To a tenth of a metre, which is closer than any door. */
const degrees = (value: number): string => String(Number(value.toFixed(6)));

/** The fields as the form shows them; `say` writes a number for people. */
export function draftOf(fields: TechnicianFields, zone: string, phone: (e164: string) => string): Draft {
  const week = emptyWeek();
  for (const day of WEEKDAYS) week[day] = (fields.weekly_schedule[day] ?? []).map((hours) => ({ ...hours }));
  return {
    name: fields.name,
    phone: phone(fields.phone),
    email: fields.email ?? '',
    language: fields.language,
    address: fields.home.address ?? '',
    lat: degrees(fields.home.lat),
    lon: degrees(fields.home.lon),
    skills: fields.skills.map((skill) => ({ ...skill })),
    week,
    extras: fields.extra_shifts.map((span) => extraOf(span, zone)),
    tracker: fields.gps_device_id ?? '',
  };
}

/** A coordinate as people type it, with a point or a comma; null for what is none. */
export function readDegrees(text: string): number | null {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  return /^-?\d{1,3}(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

/** "45.05, -73.58", as maps give it, as both; null for what is no pair. */
export function readPair(text: string): [number, number] | null {
  const m = /^\s*(-?\d{1,2}\.\d+)\s*[,;\s]\s*(-?\d{1,3}\.\d+)\s*$/.exec(text);
  return m ? [Number(m[1]), Number(m[2])] : null;
}

/** What is wrong before the server is asked: the place, by the server's own pointer, and the word for it. */
export function wrongIn(draft: Draft): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!draft.name.trim()) wrong['/name'] = 'name';
  if (!draft.phone.trim()) wrong['/phone'] = 'phone';
  const [lat, lon] = [readDegrees(draft.lat), readDegrees(draft.lon)];
  if (lat === null || Math.abs(lat) > 90) wrong[`${BASE}/lat`] = 'lat';
  if (lon === null || Math.abs(lon) > 180) wrong[`${BASE}/lon`] = 'lon';
  for (const day of WEEKDAYS) {
    draft.week[day].forEach(({ start, end }, at) => {
      const place = `/weekly_schedule/${day}/${at}`;
      if (!start || !end) wrong[`${place}/${start ? 'end' : 'start'}`] = 'time';
      else if (start === end) wrong[`${place}/end`] = 'same';
    });
    const whole = draft.week[day].every(({ start, end }) => start && end);
    if (whole)
      for (const at of overlapping(draft.week[day])) wrong[`/weekly_schedule/${day}/${at}/start`] ??= 'overlap';
  }
  draft.extras.forEach(({ date, start, end }, at) => {
    if (!date) wrong[`/extra_shifts/${at}/start`] = 'date';
    else if (!start || !end) wrong[`/extra_shifts/${at}/${start ? 'end' : 'start'}`] = 'time';
    else if (start === end) wrong[`/extra_shifts/${at}/end`] = 'same';
  });
  return wrong;
}

/**
 * What the server is to know; of a draft in which nothing is wrong. What people left as it was shown is sent as it was
 * stored, so that a number written for people is no change.
 */
export function fieldsFrom(
  draft: Draft,
  base: TechnicianFields,
  zone: string,
  say: (e164: string) => string,
): TechnicianFields {
  const stored = draftOf(base, zone, say);
  const text = (now: string): string | null => now.trim() || null;
  const place = draft.lat === stored.lat && draft.lon === stored.lon;
  const [lat, lon] = place
    ? [base.home.lat, base.home.lon]
    : [readDegrees(draft.lat) ?? 0, readDegrees(draft.lon) ?? 0];
  return fieldsOf({
    name: draft.name.trim(),
    phone: draft.phone === stored.phone ? base.phone : draft.phone.trim(),
    email: text(draft.email),
    language: draft.language,
    home: { lat, lon, address: text(draft.address) },
    skills: draft.skills,
    weekly_schedule: draft.week,
    extra_shifts: draft.extras.map((extra, at) => {
      const before = stored.extras[at];
      const kept = before && JSON.stringify(before) === JSON.stringify(extra) ? base.extra_shifts[at] : undefined;
      return kept ?? spanOfExtra(extra, zone);
    }),
    gps_device_id: text(draft.tracker),
  });
}

/** The fields in which two differ. */
export const differing = (a: TechnicianFields, b: TechnicianFields): Field[] =>
  FIELDS.filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));

export function only(fields: TechnicianFields, names: Field[]): Partial<TechnicianFields> {
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

/** What I changed since `base`, over what somebody else made of it meanwhile. */
export function mineOver(base: TechnicianFields, mine: TechnicianFields, theirs: TechnicianFields): TechnicianFields {
  return { ...theirs, ...only(mine, differing(base, mine)) };
}

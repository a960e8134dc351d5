// Technicians and tags as they cross the wire, and the calls about them.
import { acting, call } from './client';
import type { Language, Span } from './types';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** "08:00" to "16:30" on the company's wall clock; an end at or before the start is on the next day. */
export interface Hours {
  start: string;
  end: string;
}

export interface SkillHeld {
  tag: string;
  /** 1 to 5. */
  level: number;
  /** YYYY-MM-DD. */
  expires_on?: string | null;
}

export interface Home {
  lat: number;
  lon: number;
  address?: string | null;
}

export interface Absence extends Span {
  id: string;
  reason?: string | null;
}

/** What can be edited of a technician. */
export interface TechnicianFields {
  name: string;
  phone: string;
  email: string | null;
  language: Language;
  home: Home;
  skills: SkillHeld[];
  weekly_schedule: Partial<Record<Weekday, Hours[]>>;
  extra_shifts: Span[];
  gps_device_id: string | null;
}

/** `GET /technicians/{id}`. */
export interface TechnicianRecord extends TechnicianFields {
  id: string;
  external_id?: string | null;
  absences: Absence[];
  version: number;
}

/** `GET /tags`. */
export interface Tag {
  id: string;
  name: string;
  color: string | null;
  version: number;
  used_by?: { technicians: number; jobs: number; zones?: number };
}

interface Listed<T> {
  items: T[];
  next: string | null;
}

const id = encodeURIComponent;

async function everyone(): Promise<TechnicianRecord[]> {
  const all: TechnicianRecord[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Listed<TechnicianRecord> = await call('GET', `/technicians?limit=200&cursor=${id(cursor)}`);
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}

export const teamApi = {
  everyone,
  one: (who: string) => call<TechnicianRecord>('GET', `/technicians/${id(who)}`),
  hire: (fields: TechnicianFields) => call<TechnicianRecord>('POST', '/technicians', fields),
  edit: (who: string, fields: Partial<TechnicianFields>, version: number) =>
    acting<TechnicianRecord>('PATCH', `/technicians/${id(who)}`, { ...fields, version }),
  /** Not away after all; `version` is what was seen of them. */
  back: (who: string, absence: string, version: number) =>
    acting<void>('DELETE', `/technicians/${id(who)}/absences/${id(absence)}?version=${version}`),
  calendar: (who: string) => call<{ url: string }>('GET', `/dispatch/ical-token/${id(who)}`),
  revokeCalendar: (who: string) => call<void>('POST', `/dispatch/ical-token/${id(who)}/revoke`, {}),
  tags: (usedBy = false) => call<Listed<Tag>>('GET', usedBy ? '/tags?used_by=true' : '/tags'),
  createTag: (name: string, color: string | null) => acting<Tag>('POST', '/tags', { name, color }),
  editTag: (tag: string, fields: { name?: string; color?: string | null }, version: number) =>
    acting<Tag>('PATCH', `/tags/${id(tag)}`, { ...fields, version }),
  deleteTag: (tag: string) => acting<void>('DELETE', `/tags/${id(tag)}`),
};

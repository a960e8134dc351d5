// Jobs that come again, as they cross the wire.
import { acting, call } from './client';
import type { Holidays } from '../series/rule';
import type { JobStatus, Span } from './types';

export interface Holiday {
  on: string;
  fr: string;
  en: string;
}

/** One day of a rule; `day` is where a holiday shifts it. */
export interface Turn {
  on: string;
  day: string;
  holiday: Holiday | null;
  start: string | null;
  end: string | null;
}

export interface Preview {
  items: Turn[];
  left_out: { on: string; holiday: Holiday | null }[];
  goes_on: boolean;
}

export interface Series {
  id: string;
  title: string;
  recurrence: string;
  holidays: Holidays;
  exceptions: string[];
  ends_before: string | null;
  version: number;
  occurrences: { on: string; job_id: string; status: JobStatus; ahead: boolean; start: string | null }[];
  planned: number;
  next: Turn[];
}

const id = encodeURIComponent;

export const series = {
  one: (which: string) => call<Series>('GET', `/series/${id(which)}`),
  preview: (input: { recurrence: string; arrival_window: Span | null; exceptions: string[]; holidays: Holidays }) =>
    call<Preview>('POST', '/series/preview', input),
  end: (which: string, from: string, version: number) =>
    acting<Series>('POST', `/series/${id(which)}/end`, { from, version }),
};

// What is said of several jobs that one gesture moved: how many, by how much where it was the same for all, and from when to when
// they stand now. Pure.
import type { Job, Language } from '../api/types';
import { minutes, windowOf } from '../words/format';

export interface Moved {
  n: number;
  /** « +1 h 30 », where each of them went by the same and by something. */
  by: string | null;
  /** From the first arrival to the last end, and with whom where it is one. */
  span: string;
}

const startOf = (job: Job): number => (job.visit && job.status !== 'unassigned' ? Date.parse(job.visit.start) : NaN);

/** By `before`, as they stood, and `after`, as the server answers them. */
export function movedOf(
  before: readonly Job[],
  after: readonly Job[],
  nameOf: (technicianId: string) => string,
  language: Language,
  zone: string,
): Moved {
  const visits = after.flatMap((job) => job.visit ?? []);
  const was = new Map(before.map((job) => [job.id, startOf(job)]));
  const known = after.filter((job) => was.has(job.id));
  const shifts = new Set(known.map((job) => (startOf(job) - (was.get(job.id) ?? NaN)) / 60_000));
  const [by = NaN] = shifts;
  const same = shifts.size === 1 && Math.abs(by) >= 1;
  const first = visits.map((one) => one.start).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  const last = visits.map((one) => one.end).sort((a, b) => Date.parse(b) - Date.parse(a))[0];
  const people = [...new Set(visits.map((one) => one.technician_id))];
  const span = first && last ? windowOf({ start: first, end: last }, language, zone) : '';
  const who = people.length === 1 ? nameOf(people[0] ?? '') : '';
  return {
    n: before.length,
    by: same ? `${by > 0 ? '+' : '\u2212'}${minutes(by)}` : null,
    span: [span, who].filter(Boolean).join(', '),
  };
}

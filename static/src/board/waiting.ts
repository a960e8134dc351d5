// The pool's filters and orders. Pure: jobs in, the jobs to show out.
import type { Job } from '../api/types';
import { fold } from '../words/fold';
import { town } from '../words/format';
import { deadline, presses } from './promise';

export const FILTERS = ['all', 'pressing', 'windowed'] as const;
export type Filter = (typeof FILTERS)[number];

export const ORDERS = ['pressing', 'left', 'sla', 'town', 'long'] as const;
export type Order = (typeof ORDERS)[number];

export const keep: Record<Filter, (job: Job, nowMs: number) => boolean> = {
  all: () => true,
  pressing: (job, nowMs) => job.priority === 'urgent' || job.priority === 'high' || presses(job, nowMs),
  windowed: (job) => !!job.arrival_window,
};

/** The last instant (ms) by which somebody should be there: promise or window; never, where nothing was said. */
const due = (job: Job): number => deadline(job) ?? Infinity;

const compare: Record<Order, (a: Job, b: Job) => number> = {
  // As the pool comes: by what presses, then priority, then window.
  pressing: () => 0,
  left: (a, b) => (due(a) === due(b) ? 0 : due(a) - due(b)),
  // The server counts business minutes: whoever shows the list puts it in that order.
  sla: () => 0,
  town: (a, b) => town(a.address).localeCompare(town(b.address), 'fr'),
  long: (a, b) => b.duration_min - a.duration_min,
};

/** The jobs that pass the filter and bear the words, in that order; equals stay as they came. */
export function shownOf(pool: readonly Job[], filter: Filter, words: string, order: Order, nowMs: number): Job[] {
  const wanted = fold(words.trim());
  return pool
    .filter((job) => keep[filter](job, nowMs))
    .filter(
      (job) =>
        !wanted ||
        fold([job.title, job.customer_name, job.address, ...job.skills.map((s) => s.tag)].join(' ')).includes(wanted),
    )
    .sort(compare[order]);
}

/** The word of an address as one of ours, or the usual. */
export function oneOf<T extends string>(all: readonly T[], word: string | undefined): T {
  return all.find((one) => one === word) ?? (all[0] as T);
}

// Jobs of a bundle that stand one behind the other are one stop: one bar with their count. Pure.
import type { Job } from '../api/types';
import type { BoardState, PlacedJob } from '../board/state';
import type { Bundle } from './api';

/** How many jobs a bar stands for; one where it is not here. */
export const COUNT = Symbol('how many jobs');
export type Stop = PlacedJob & { [COUNT]?: number };

export const bundleOf = (bundles: Readonly<Record<string, Bundle>>, job: string): Bundle | undefined =>
  Object.values(bundles).find((one) => one.job_ids.includes(job));

/** A route with one entry for each stop; the same array where it has no bundle. */
export function stopsOf(route: PlacedJob[], bundles: Readonly<Record<string, Bundle>>): Stop[] {
  const by = new Map<string, string>();
  for (const bundle of Object.values(bundles)) for (const id of bundle.job_ids) by.set(id, bundle.id);
  if (!route.some((job) => by.has(job.id))) return route;
  const stops: Stop[] = [];
  for (const job of route) {
    const last = stops.at(-1);
    const bundle = by.get(job.id);
    const together =
      last && bundle && by.get(last.id) === bundle && last.status === job.status && last.visit.end === job.visit.start;
    if (!together) stops.push(job);
    else {
      const visit = { ...last.visit, end: job.visit.end };
      stops[stops.length - 1] = { ...last, visit, [COUNT]: (last[COUNT] ?? 1) + 1 };
    }
  }
  return stops;
}

/** How long the whole stop takes that moves with a job, min: of a bundle, those of its jobs that stand as this one does. */
export function lengthOfStop(job: Job, { bundles, jobs }: Pick<BoardState, 'bundles' | 'jobs'>): number {
  const mates = bundleOf(bundles, job.id)?.job_ids.flatMap((id) => jobs[id] ?? []) ?? [];
  const together = mates.filter((one) => one.id !== job.id && one.status === job.status);
  return together.reduce((sum, one) => sum + one.duration_min, job.duration_min);
}

/** The job whose bar stands for `id` in its route: itself, or the first of its stop. */
export function firstOf(route: PlacedJob[], bundles: Readonly<Record<string, Bundle>>, id: string): string {
  let at = route.findIndex((job) => job.id === id);
  return stopsOf(route, bundles).find((stop) => at >= 0 && (at -= stop[COUNT] ?? 1) < 0)?.id ?? id;
}

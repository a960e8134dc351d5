// Who goes along with a visit, and whether a job is short of people. Reads the board; changes nothing.
import { computed } from 'vue';
import { routes } from '../board/store';
import type { PlacedJob } from '../board/state';
import type { Job } from '../api/types';

/** People who are missing for a job that has a visit. */
export function shortOf(job: Job): number {
  const open = job.visit && ['planned', 'en_route', 'on_site'].includes(job.status);
  return open ? Math.max(0, (job.crew_size ?? 1) - 1 - (job.visit?.assistants?.length ?? 0)) : 0;
}

/** The jobs that each technician goes along to and each material is taken along to; arrays of `before` are kept where nothing changed, so their rows rest. */
export function alongOf(
  all: Record<string, PlacedJob[]>,
  before: Record<string, PlacedJob[]> = {},
): Record<string, PlacedJob[]> {
  const by: Record<string, PlacedJob[]> = {};
  for (const route of Object.values(all)) {
    for (const job of route) {
      for (const id of job.visit.assistants ?? []) (by[id] ??= []).push(job);
      for (const id of job.visit.materials ?? []) (by[id] ??= []).push(job);
    }
  }
  for (const [id, jobs] of Object.entries(by)) {
    const old = before[id];
    if (old?.length === jobs.length && old.every((job, i) => job === jobs[i])) by[id] = old;
  }
  return by;
}

let last: Record<string, PlacedJob[]> = {};
export const along = computed(() => (last = alongOf(routes.value, last)));

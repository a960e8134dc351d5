// Which visits on the board are tied to the selected one: what it waits for, and what waits for it. Pure.
import type { Job } from '../api/types';

export interface Pair {
  before: Job;
  after: Job;
}

/** Pairs in which both have a visit, those that the job waits for first. */
export function pairsOf(id: string | null, jobs: Readonly<Record<string, Job>>): Pair[] {
  const job = id ? jobs[id] : undefined;
  if (!job) return [];
  const stands = (one: Job | undefined): one is Job => !!one?.visit && one.status !== 'unassigned';
  if (!stands(job)) return [];
  const needs = (job.depends_on ?? []).map((need) => jobs[need]).filter(stands);
  const waiting = Object.values(jobs).filter((one) => one.depends_on?.includes(job.id) && stands(one));
  return [...needs.map((before) => ({ before, after: job })), ...waiting.map((after) => ({ before: job, after }))];
}

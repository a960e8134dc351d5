// Two people moved one job: what the other one did, what was wanted here, and the three ways on. State and words; drawn by Clash.vue.
import { shallowRef } from 'vue';
import type { Refused } from '../api/client';
import type { Job } from '../api/types';
import { put } from './store';

/** What was wanted of a job as it was seen, and how it is tried again. */
export interface Again {
  /** The job as it was when the hand went to it. */
  before: Job;
  /** Where it was to go; null for the pool. */
  wanted: { technicianId: string; startMs: number | null } | { durationMin: number } | null;
  /** Tries it on the job as it is now. */
  run: () => void;
}

export interface Clash extends Again {
  now: Job;
  /** Who was quicker: a name where the account has one. */
  by: string;
  /** When; empty where the server does not know. */
  at: string;
}

export const clash = shallowRef<Clash | null>(null);

/** Takes a refusal that came of a stale version; false where it is another. */
export function clashOver(error: Refused, again: Again): boolean {
  if (error.status !== 409 || error.code !== 'stale_version') return false;
  const said = error.current as Job | Job[] | null;
  const now = Array.isArray(said) ? said.find((job) => job.id === again.before.id) : said;
  if (!now?.id) return false;
  // The board shows what is true, whatever is chosen.
  put(now);
  const { changed_by_name: name, changed_by: account, changed_at: at } = error.problem;
  clash.value = { ...again, now, by: name ?? account ?? '', at: at ?? '' };
  return true;
}

/** Mine after all, on top of theirs. */
export function keepMine(): void {
  const one = clash.value;
  clash.value = null;
  one?.run();
}

/** Theirs stands. */
export function takeTheirs(): void {
  clash.value = null;
}

// What a promise to a customer looks like now: kept, soon, at risk, broken, moving or done, and how many minutes are left.
// Pure. The board colours by this and by nothing else.
import type { Job, Span, Told } from '../api/types';

export type PromiseState = 'kept' | 'soon' | 'at-risk' | 'broken' | 'moving' | 'done';

/** Fewer minutes than this between the expected arrival and the end of the promise is a risk. */
const AT_RISK_MIN = 10;
/** A visit that starts within the hour is what comes next. */
const SOON_MIN = 60;

/** A single time told is kept when met within this; the server tells a new one beyond it. */
const ETA_GRACE_MIN = 10;

/** What the customer was told last; it stands also while nobody goes. */
export const toldOf = (job: Job): Told | null => job.visit?.promise ?? job.promise ?? null;

/** What was told, or where nothing was, what is about to be. */
const saidOf = (job: Job): Told | null => toldOf(job) ?? job.visit?.next_promise ?? null;

/** The last instant (ms) at which the promise is still kept; null without one. */
export function deadline(job: Job): number | null {
  const promise = promised(job);
  if (!promise) return null;
  return Date.parse(promise.end) + (saidOf(job)?.is_eta ? ETA_GRACE_MIN * 60_000 : 0);
}

/** True when somebody arrived, and in time (a visit without a promise is always in time). */
export function arrivedInTime(job: Job): boolean {
  const at = job.visit?.on_site_at;
  const end = deadline(job);
  return !at || end === null || Date.parse(at) <= end;
}

/** What was promised: the last told window, else the one about to be told, else the window asked for. */
export function promised(job: Job): Span | null {
  return saidOf(job) ?? job.arrival_window;
}

/** When the technician is expected at the door (ms): the ETA, else the plan, never in the past for one who has not arrived. */
export function expectedAt(job: Job, nowMs: number): number {
  const visit = job.visit;
  if (!visit) return nowMs;
  const planned = Date.parse(visit.eta?.at ?? visit.start);
  return visit.status === 'planned' || visit.status === 'en_route' ? Math.max(planned, nowMs) : planned;
}

/** Somebody was told an hour, and nobody goes. */
const forsaken = (job: Job): boolean => job.status === 'unassigned' && !!toldOf(job);

/**
 * Minutes between the expected arrival and the end of the promise; negative when it breaks; null without a promise or once
 * arrived. In the pool: until the end of what was told.
 */
export function minutesLeft(job: Job, nowMs: number): number | null {
  const end = deadline(job);
  const ahead = job.visit && (job.status === 'planned' || job.status === 'en_route');
  if (end === null || !(ahead || forsaken(job))) return null;
  return Math.floor((end - expectedAt(job, nowMs)) / 60_000);
}

/** True when the promise can no longer be kept by anybody: its time is over. */
export function isPast(job: Job, nowMs: number): boolean {
  const end = deadline(job);
  return end !== null && nowMs > end;
}

export function promiseState(job: Job, nowMs: number): PromiseState {
  if (!job.visit && !forsaken(job)) return 'soon';
  if (job.status === 'done' || job.status === 'cancelled' || job.status === 'no_access') return 'done';
  if (job.status === 'on_site') return 'kept';
  const left = minutesLeft(job, nowMs);
  if (left !== null && left < 0) return 'broken';
  if ((left !== null && left < AT_RISK_MIN) || forsaken(job)) return 'at-risk';
  if (job.status === 'en_route') return 'moving';
  return expectedAt(job, nowMs) - nowMs <= SOON_MIN * 60_000 ? 'soon' : 'kept';
}

/** In the pool, what presses by its hour: told, or a window that ends within the hour or is over. */
export const presses = (job: Job, nowMs: number): boolean =>
  forsaken(job) || (deadline(job) ?? Infinity) < nowMs + SOON_MIN * 60_000;

/** How far the ETA is behind the plan, in whole minutes (0 when there is none or it is early). */
export function delayMin(job: Job): number {
  const visit = job.visit;
  if (!visit?.eta) return 0;
  return Math.max(0, Math.round((Date.parse(visit.eta.at) - Date.parse(visit.start)) / 60_000));
}

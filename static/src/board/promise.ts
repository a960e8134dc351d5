// What a promise to a customer looks like now: kept, soon, at risk, broken, moving or done, and how many minutes are left.
// Pure. The board colours by this and by nothing else.
import type { Job, Span } from '../api/types';

export type PromiseState = 'kept' | 'soon' | 'at-risk' | 'broken' | 'moving' | 'done';

/** Fewer minutes than this between the expected arrival and the end of the promise is a risk. */
const AT_RISK_MIN = 10;
/** A visit that starts within the hour is what comes next. */
const SOON_MIN = 60;

/** A single time told is kept when met within this; the server tells a new one beyond it. */
const ETA_GRACE_MIN = 10;

/** The last instant (ms) at which the promise is still kept; null without one. */
export function deadline(job: Job): number | null {
  const promise = promised(job);
  if (!promise) return null;
  return Date.parse(promise.end) + (job.visit?.promise?.is_eta ? ETA_GRACE_MIN * 60_000 : 0);
}

/** True when somebody arrived, and in time (a visit without a promise is always in time). */
export function arrivedInTime(job: Job): boolean {
  const at = job.visit?.on_site_at;
  const end = deadline(job);
  return !at || end === null || Date.parse(at) <= end;
}

/** What was promised: the last told window, else the window asked for. */
export function promised(job: Job): Span | null {
  return job.visit?.promise ?? job.arrival_window;
}

/** When the technician is expected at the door (ms): the ETA, else the plan, never in the past for one who has not arrived. */
export function expectedAt(job: Job, nowMs: number): number {
  const visit = job.visit;
  if (!visit) return nowMs;
  const planned = Date.parse(visit.eta?.at ?? visit.start);
  return visit.status === 'planned' || visit.status === 'en_route' ? Math.max(planned, nowMs) : planned;
}

/** Minutes between the expected arrival and the end of the promise; negative when it breaks; null without a promise or once arrived. */
export function minutesLeft(job: Job, nowMs: number): number | null {
  const end = deadline(job);
  if (end === null || !job.visit || (job.status !== 'planned' && job.status !== 'en_route')) return null;
  return Math.floor((end - expectedAt(job, nowMs)) / 60_000);
}

/** True when the promise can no longer be kept by anybody: its time is over. */
export function isPast(job: Job, nowMs: number): boolean {
  const end = deadline(job);
  return end !== null && nowMs > end;
}

export function promiseState(job: Job, nowMs: number): PromiseState {
  if (!job.visit) return 'soon';
  if (job.status === 'done' || job.status === 'cancelled' || job.status === 'no_access') return 'done';
  if (job.status === 'on_site') return 'kept';
  const left = minutesLeft(job, nowMs);
  if (left !== null && left < 0) return 'broken';
  if (left !== null && left < AT_RISK_MIN) return 'at-risk';
  if (job.status === 'en_route') return 'moving';
  return expectedAt(job, nowMs) - nowMs <= SOON_MIN * 60_000 ? 'soon' : 'kept';
}

/** How far the ETA is behind the plan, in whole minutes (0 when there is none or it is early). */
export function delayMin(job: Job): number {
  const visit = job.visit;
  if (!visit?.eta) return 0;
  return Math.max(0, Math.round((Date.parse(visit.eta.at) - Date.parse(visit.start)) / 60_000));
}

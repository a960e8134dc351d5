// The clocks of open jobs as the server counts them: asked for anew every minute, and whenever the board's line says that one
// changed. Minutes are never counted here: only the server knows the hours and the holidays.
import { computed, shallowRef, watch } from 'vue';
import { Refused } from '../api/client';
import { slaApi, type Clock, type Queued } from '../api/sla';
import type { Job } from '../api/types';
import { live } from '../board/store';
import { nowMs } from '../house';
import { hear } from '../live/heard';
import { pastMs } from '../past/moment';

export const queue = shallowRef<readonly Queued[]>([]);
/** By job. Clocks are of now: an earlier moment shows none. */
export const clocks = computed<Record<string, Clock>>(() =>
  Object.fromEntries((pastMs.value ? [] : queue.value).map((one) => [one.job_id, one.sla])),
);
/** Goes up when policies changed. */
export const policiesChanged = shallowRef(0);

export async function fetchClocks(): Promise<void> {
  try {
    queue.value = (await slaApi.queue('open')).items;
  } catch (error) {
    // What was known stays; the next minute asks again.
    if (!(error instanceof Refused)) throw error;
  }
}

let following = false;
let due: ReturnType<typeof setTimeout> | undefined;
/** Several changes in one breath are one question. */
const BREATH_MS = 400;
const soon = (): void => {
  due ??= setTimeout(() => {
    due = undefined;
    void fetchClocks();
  }, BREATH_MS);
};
/** Follows clocks as long as this page lives. */
export function followClocks(): void {
  if (following) return;
  following = true;
  hear((event) => {
    // A clock that changed, or a job with one that was given to somebody: who keeps it is part of the answer.
    const job = event.data['job'] as { id?: string } | undefined;
    if (event.type.startsWith('job.sla_') || (job?.id && job.id in clocks.value)) soon();
    if (event.type === 'sla.policy') policiesChanged.value += 1;
  });
  let minute = 0;
  watch(nowMs, (ms) => {
    const next = Math.floor(ms / 60_000);
    if (next !== minute && queue.value.length) soon();
    minute = next;
  });
  watch(live, (up) => up && soon());
  void fetchClocks();
}

/** Those with the fewest minutes left first; without a clock last, as they came. */
export const bySla = (jobs: Job[]): Job[] => [...jobs].sort((a, b) => (left(a) === left(b) ? 0 : left(a) - left(b)));
const left = (job: Job): number => {
  const clock = clocks.value[job.id];
  return clock && clock.state !== 'paused' ? clock.minutes_left : Infinity;
};

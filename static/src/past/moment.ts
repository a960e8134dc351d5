// Which moment the board shows: now, or an earlier one that is looked back at. While it is an earlier one nothing can be
// changed, and the clock stands. Holds only that; `look.ts` fetches.
import { computed, ref } from 'vue';
import { holdWrites } from '../api/client';
import { freezeTime } from '../house';
import { t } from '../words';

const at = ref<number | null>(null);

/** The earlier moment that is shown, ms; null for now. */
export const pastMs = computed(() => at.value);

export function standAt(ms: number | null): void {
  at.value = ms;
  freezeTime(ms);
  holdWrites(ms === null ? null : () => t('past.readOnly'));
}

/** Steps of the slider. */
export const STEP_MIN = 5;
const MINUTE_MS = 60_000;

/** The moments of a day that can be looked at: `fromMs` to the last whole step that is over, both included. */
export function reach(fromMs: number, toMs: number, nowMs: number): { from: number; to: number } {
  const step = STEP_MIN * MINUTE_MS;
  const to = Math.min(toMs, Math.floor(nowMs / step) * step);
  return { from: fromMs, to: Math.max(fromMs, to) };
}

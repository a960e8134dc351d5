// Making a visit longer or shorter: by its right edge, or by keys. Shown as a ghost until the hand lets go; then the job's duration
// is written, with the version that was seen.
import { shallowRef } from 'vue';
import { Refused } from '../api/client';
import { desk } from '../api/desk';
import { language, t } from '../words';
import { clock, minutes } from '../words/format';
import { zone } from '../house';
import { polite, toast } from '../ui/toasts';
import { takeBack } from '../undo/back';
import { SNAP_MIN } from './geometry';
import { diversion } from './imagining';
import { say } from './moves';
import type { PlacedJob } from './state';
import { board, put, routes } from './store';
import { offerUndo } from './undo';

/** What is being resized, to how many minutes. */
export const resizing = shallowRef<{ jobId: string; durationMin: number } | null>(null);

const SHORTEST_MIN = SNAP_MIN;
const LONGEST_MIN = 12 * 60;

/** A duration on the step, and neither nothing nor a whole night. Pure. */
export function snappedDuration(min: number): number {
  return Math.min(LONGEST_MIN, Math.max(SHORTEST_MIN, Math.round(min / SNAP_MIN) * SNAP_MIN));
}

/** The next visit of that day, where `durationMin` would run into it. Pure. */
export function runsInto(job: PlacedJob, durationMin: number, route: readonly PlacedJob[]): PlacedJob | null {
  const start = Date.parse(job.visit.start);
  const end = start + durationMin * 60_000;
  return (
    route.find(
      (one) => one.id !== job.id && Date.parse(one.visit.start) >= start && Date.parse(one.visit.start) < end,
    ) ?? null
  );
}

/** Only what nobody has begun can be made longer by hand, and on no day that is only imagined. */
export const resizable = (job: PlacedJob): boolean => job.status === 'planned' && !diversion.value;

/** Writes the duration. Tells whether it was done. */
export async function resize(jobId: string, durationMin: number): Promise<boolean> {
  const job = board.value.jobs[jobId] as PlacedJob | undefined;
  if (!job?.visit || durationMin === job.duration_min) return false;
  const next = runsInto(job, durationMin, routes.value[job.visit.technician_id] ?? []);
  if (next) {
    const time = clock(next.visit.start, language(), zone.value);
    toast(t('many.runsInto', { time, name: next.customer_name || next.title }), { tone: 'refusal' });
    return false;
  }
  try {
    const { answer, act } = await desk.editJob(jobId, { duration_min: durationMin, version: job.version });
    put(answer);
    // The server takes it back: another edit would be an act of its own, which the next Ctrl-Z would take back.
    const back = async (): Promise<'said'> => {
      await takeBack(act);
      return 'said';
    };
    offerUndo(t('many.resized', { duration: minutes(durationMin) }), back);
    return true;
  } catch (error) {
    say(error, {
      again: { before: job, wanted: { durationMin }, run: () => void resize(jobId, durationMin) },
    });
    return !(error instanceof Refused);
  } finally {
    resizing.value = null;
  }
}

/** A press on the right edge: follows the pointer, and writes when it lets go. */
export function pressEdge(event: PointerEvent, job: PlacedJob, pxPerMin: number): void {
  if (event.button !== 0) return;
  event.preventDefault();
  event.stopPropagation();
  const from = event.clientX;
  const at = (e: PointerEvent): number => snappedDuration(job.duration_min + (e.clientX - from) / pxPerMin);
  const move = (e: PointerEvent): void => {
    const durationMin = at(e);
    if (resizing.value?.durationMin !== durationMin) resizing.value = { jobId: job.id, durationMin };
  };
  const finish = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointercancel', finish);
    window.removeEventListener('keydown', key, true);
    document.body.classList.remove('resizing');
    resizing.value = null;
  };
  const up = (e: PointerEvent): void => {
    const durationMin = at(e);
    finish();
    const swallow = (click: Event): void => {
      click.stopPropagation();
      click.preventDefault();
    };
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, true), 0);
    void resize(job.id, durationMin);
  };
  const key = (e: KeyboardEvent): void => {
    if (e.key !== 'Escape') return;
    e.stopPropagation();
    finish();
  };
  document.body.classList.add('resizing');
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', finish);
  window.addEventListener('keydown', key, true);
}

/** Keys come one by one; what they add up to is written when they rest, ms. */
const REST_MS = 700;
let timer: ReturnType<typeof setTimeout> | undefined;

/** One step longer or shorter by key. */
export function stepBy(job: PlacedJob, steps: number): void {
  const was = resizing.value?.jobId === job.id ? resizing.value.durationMin : job.duration_min;
  const durationMin = snappedDuration(was + steps * SNAP_MIN);
  resizing.value = { jobId: job.id, durationMin };
  polite.value = minutes(durationMin);
  clearTimeout(timer);
  timer = setTimeout(() => void settle(), REST_MS);
}

/** Writes at once what keys have added up to. */
export async function settle(): Promise<void> {
  clearTimeout(timer);
  const one = resizing.value;
  resizing.value = null;
  if (one) await resize(one.jobId, one.durationMin);
}

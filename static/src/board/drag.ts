// Carrying a job over the timeline, by pointer or by keys: where it would land, and the landing.
// It knows no pixels of its own: the timeline tells where a point of the screen lies (`surface`).
import { reactive, readonly, shallowRef, watch } from 'vue';
import type { Job } from '../api/types';

export interface Target {
  technicianId: string;
  /** Planned arrival, ms; null puts the job at the end of the route. */
  startMs: number | null;
}

export interface Surface {
  /** The place under a point of the window; `grabPx` is how far into the bar the pointer holds it, `free` lets go of the step. */
  targetAt: (x: number, y: number, grabPx: number, durationMin: number, free: boolean) => Target | null;
  /** Scrolls when the pointer nears an edge. */
  nudge: (x: number, y: number) => void;
}

interface Carried {
  job: Job | null;
  /** All that go with it, itself among them. */
  jobs: readonly Job[];
  by: 'pointer' | 'keys' | null;
  target: Target | null;
}

const state = reactive<Carried>({ job: null, jobs: [], by: null, target: null });
export const carried = readonly(state) as Readonly<Carried>;

/** Resolves once no bar is carried. What takes the browser's breath, such as the map's first picture, waits for it. */
export async function whenStill(): Promise<void> {
  while (carried.by) {
    await new Promise<void>((resolve) => {
      watch(
        () => carried.by,
        () => resolve(),
        { once: true },
      );
    });
  }
}

/** The chip that follows the pointer; moved by transform alone, outside Vue's drawing. */
export const chip = shallowRef<HTMLElement | null>(null);

let surface: Surface | null = null;
export function setSurface(next: Surface | null): void {
  surface = next;
}

/** A press that wanders less than this is a click. */
const THRESHOLD_PX = 4;

export interface DragOptions {
  job: Job;
  /** All that go with it, itself among them; it alone where left out. */
  jobs?: readonly Job[];
  grabPx: number;
  onDrop: (target: Target) => void;
  /** Dropped off the timeline, at this point of the window. */
  onMiss?: (x: number, y: number) => void;
}

/** Starts listening after a press; nothing is carried before the pointer has wandered. Touch keeps scrolling: there, select and tap. */
export function press(event: PointerEvent, options: DragOptions): void {
  if (event.button !== 0 || event.pointerType === 'touch') return;
  const { clientX: startX, clientY: startY } = event;
  let frame = 0;
  let x = startX;
  let y = startY;
  let dragging = false;
  let free = false;

  const draw = (): void => {
    frame = 0;
    surface?.nudge(x, y);
    const target = surface?.targetAt(x, y, options.grabPx, options.job.duration_min, free) ?? null;
    if (target?.technicianId !== state.target?.technicianId || target?.startMs !== state.target?.startMs) {
      state.target = target;
    }
    if (chip.value) chip.value.style.transform = `translate(${x + 14}px, ${y + 14}px)`;
  };

  const move = (e: PointerEvent): void => {
    x = e.clientX;
    y = e.clientY;
    free = e.altKey;
    if (!dragging && Math.hypot(x - startX, y - startY) >= THRESHOLD_PX) {
      dragging = true;
      state.job = options.job;
      state.jobs = options.jobs ?? [options.job];
      state.by = 'pointer';
      document.body.classList.add('carrying');
    }
    if (dragging && !frame) frame = requestAnimationFrame(draw);
  };

  const finish = (drop: boolean): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointercancel', cancel);
    window.removeEventListener('keydown', key, true);
    if (frame) {
      cancelAnimationFrame(frame);
      draw();
    }
    if (!dragging) return;
    const target = state.target;
    putDown();
    // The click that ends a drag must not open what was dropped.
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, true), 0);
    if (drop && target) options.onDrop(target);
    else if (drop) options.onMiss?.(x, y);
  };
  const swallow = (e: Event): void => {
    e.stopPropagation();
    e.preventDefault();
  };
  const up = (): void => finish(true);
  const cancel = (): void => finish(false);
  const key = (e: KeyboardEvent): void => {
    if (e.key === 'Escape') {
      e.stopPropagation();
      finish(false);
    }
  };

  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', cancel);
  window.addEventListener('keydown', key, true);
}

/** Lifts a job with the keyboard. */
export function lift(job: Job, target: Target, jobs: readonly Job[] = [job]): void {
  state.job = job;
  state.jobs = jobs;
  state.by = 'keys';
  state.target = target;
}

export function shift(target: Target): void {
  state.target = target;
}

/** Ends carrying, wherever the job is. */
export function putDown(): void {
  state.job = null;
  state.jobs = [];
  state.by = null;
  state.target = null;
  document.body.classList.remove('carrying');
}

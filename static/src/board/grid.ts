// The timeline's keys: how the focus walks over visits and what a key does to the one that has it. One stop for Tab; arrows go on
// from there. It knows no pixels; the timeline lends what it can do.
import type { Ref } from 'vue';
import type { Job } from '../api/types';
import { callingOff } from '../find/editing';
import { mayDispatch } from '../find/may';
import { carried, lift, putDown, shift, type Target } from './drag';
import { shifted, SNAP_MIN, type Scale } from './geometry';
import { asksForMenu } from './menu';
import { neighbour } from './neighbour';
import { takeBack } from './own-acts';
import { concerned, pickAll, pickMore } from './picking';
import { resizable, stepBy } from './resize';
import type { PlacedJob } from './state';
import { stopsOf } from '../bundles/stops';
import { board, routes, rows } from './store';

/** What the timeline lends. */
export interface GridHands {
  scale: Ref<Scale>;
  /** Gives a visit the focus and brings it into view. */
  focusJob: (id: string) => void;
  /** Gives the focus to a technician's name. */
  focusName: (technicianId: string) => void;
  drop: (job: Job, jobs: readonly Job[], target: Target) => void;
  assign: (id: string) => void;
  /** Opens the menu of what has the focus. */
  menu: (element: HTMLElement) => void;
}

/** As the list of shortcuts shows them. */
export const GRID_KEYS: readonly { shown: string; label: string }[] = [
  { shown: '← ↑ → ↓', label: 'keys.walk' },
  { shown: '↵', label: 'keys.open' },
  { shown: '␣', label: 'keys.pick' },
  { shown: 'M', label: 'keys.move' },
  { shown: '⇧ ← →', label: 'keys.resize' },
  { shown: 'A', label: 'keys.assign' },
  { shown: 'U', label: 'keys.unassign' },
  { shown: 'Del', label: 'keys.end' },
  { shown: '⇧ F10', label: 'keys.menu' },
];

/** The routes with one entry for each stop. */
const stops = (): Record<string, PlacedJob[]> =>
  Object.keys(board.value.bundles).length
    ? Object.fromEntries(Object.entries(routes.value).map(([id, route]) => [id, stopsOf(route, board.value.bundles)]))
    : routes.value;

function jobOf(event: Event): PlacedJob | null {
  const id = (event.target as HTMLElement).closest<HTMLElement>('[data-job]')?.dataset['job'];
  return id ? ((board.value.jobs[id] as PlacedJob | undefined) ?? null) : null;
}

/** The handler of the grid's `keydown`. */
export function gridKeys(hands: GridHands): (event: KeyboardEvent) => void {
  function walk(job: PlacedJob, key: string): void {
    const next = neighbour(job, key, rows.value, stops());
    if (next) hands.focusJob(next.id);
    else if (key === 'ArrowLeft') hands.focusName(job.visit.technician_id);
  }

  function carry(event: KeyboardEvent): void {
    const { target, job } = carried;
    if (!target || !job) return;
    const index = rows.value.findIndex((tech) => tech.id === target.technicianId);
    const by = event.shiftKey ? 30 : SNAP_MIN;
    const at = target.startMs ?? hands.scale.value.from;
    const on = (min: number): number => shifted(at, min, job.duration_min, hands.scale.value);
    const row = (step: number): string => rows.value[index + step]?.id ?? target.technicianId;
    if (event.key === 'ArrowRight') shift({ ...target, startMs: on(by) });
    else if (event.key === 'ArrowLeft') shift({ ...target, startMs: on(-by) });
    else if (event.key === 'ArrowDown') shift({ ...target, technicianId: row(1) });
    else if (event.key === 'ArrowUp') shift({ ...target, technicianId: row(-1) });
    else if (event.key === 'Enter') {
      const jobs = carried.jobs.flatMap((one) => board.value.jobs[one.id] ?? []);
      const now = board.value.jobs[job.id];
      putDown();
      if (now) hands.drop(now, jobs, target);
    } else if (event.key === 'Escape') putDown();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function onName(event: KeyboardEvent): void {
    const id = (event.target as HTMLElement).dataset['technician'];
    const first = id ? routes.value[id]?.[0] : undefined;
    const index = rows.value.findIndex((tech) => tech.id === id);
    const beside = rows.value[index + (event.key === 'ArrowDown' ? 1 : -1)];
    if (event.key === 'ArrowRight' && first) hands.focusJob(first.id);
    else if (id && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && beside) hands.focusName(beside.id);
    else return;
    event.preventDefault();
  }

  /** What a letter does to the visit with the focus, and to those selected with it. */
  function letter(job: PlacedJob, key: string): boolean {
    const movable = mayDispatch.value && job.status === 'planned';
    if (key === 'm' && movable) {
      lift(job, { technicianId: job.visit.technician_id, startMs: Date.parse(job.visit.start) }, concerned(job));
    } else if (key === 'a' && mayDispatch.value) hands.assign(job.id);
    else if (key === 'u' && movable) takeBack(concerned(job));
    else if ((key === 'delete' || key === 'backspace') && mayDispatch.value) callingOff.value = job;
    else if (key === ' ') pickMore(job.id);
    else return false;
    return true;
  }

  return (event) => {
    if (carried.by === 'keys') return carry(event);
    if (asksForMenu(event)) {
      event.preventDefault();
      return hands.menu(event.target as HTMLElement);
    }
    const job = jobOf(event);
    const held = event.ctrlKey || event.metaKey;
    if (event.altKey) return;
    if (job && held && event.key.toLowerCase() === 'a')
      pickAll(routes.value[job.visit.technician_id]?.map((one) => one.id) ?? []);
    else if (held) return;
    else if (!job) return onName(event);
    else if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      if (mayDispatch.value && resizable(job)) stepBy(job, event.key === 'ArrowRight' ? 1 : -1);
    } else if (event.key.startsWith('Arrow')) walk(job, event.key);
    else if (!letter(job, event.key.toLowerCase())) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

// Selecting as a hand does it: a click takes one, with Ctrl or Command one more, with Shift all from there to here.
import { computed } from 'vue';
import type { Job } from '../api/types';
import { selectAll, selection, selectRange, toggle } from './selection';
import { board, looks, placing, select, selectedJob, selectedTechnician } from './store';

/** The one that is looked at is always among the selected; what is placed by a click is of the pool. */
function follow(preferred: string | null): void {
  const there = (id: string | null): id is string => !!id && selection.value.has(id);
  const next = there(preferred)
    ? preferred
    : there(selectedJob.value)
      ? selectedJob.value
      : ([...selection.value][0] ?? null);
  selectedJob.value = next;
  selectedTechnician.value = null;
  placing.value = next;
  looks.value += 1;
}

export interface Held {
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

/** `order` is that of the list in which the job was clicked. */
export function pick(id: string, held: Held, order: () => readonly string[]): void {
  if (held.shiftKey) selectRange(id, order());
  else if (held.ctrlKey || held.metaKey) toggle(id);
  else return select(id);
  follow(id);
}

/** Adds or takes out by key. */
export function pickMore(id: string): void {
  toggle(id);
  follow(id);
}

export function pickAll(ids: readonly string[]): void {
  if (!ids.length) return;
  selectAll(ids);
  follow(selectedJob.value);
}

/** The selected jobs where this one is among them, else it alone: what a gesture that begins on it concerns. */
export function concerned(job: Job): Job[] {
  if (!selection.value.has(job.id)) return [job];
  return [...selection.value].flatMap((id) => board.value.jobs[id] ?? []);
}

/** Several are selected. */
export const severalPicked = computed(() => selection.value.size > 1);

// What is open above any page (the palette, the form of a job), and what the board is asked to show next. State alone.
import { ref, shallowRef } from 'vue';
import type { Job } from '../api/types';
import { go, route, zone } from '../house';
import { isBoard } from '../board/address';
import { today } from '../board/store';
import { wallClock } from '../words/zone';

export { mayDispatch, mayWrite } from './may';

export const paletteOpen = ref(false);

/** A job that is being written down: for whom, where that is known, or the name that was searched in vain. */
export const newJob = shallowRef<{ customerId?: string; name?: string } | null>(null);
export { editedJob } from './editing';

/** What the board does as soon as it is on the screen. */
export type Wish =
  | { show: 'job'; id: string; day: string; assign?: boolean }
  | { show: 'technician'; id: string }
  | { show: 'day'; day: string }
  | { show: 'tool' | 'preset'; id: string };

export const wish = shallowRef<Wish | null>(null);

export function ask(next: Wish): void {
  wish.value = next;
  if (!isBoard(route.value)) go('/');
}

/** The day on which a job stands on the board: that of its visit or window, else today, in the pool. */
export function dayOf(start: string | null | undefined): string {
  return start ? wallClock(Date.parse(start), zone.value).date : today();
}

export function startOf(job: Job): string | null {
  return (job.status === 'unassigned' ? null : job.visit?.start) ?? job.arrival_window?.start ?? null;
}

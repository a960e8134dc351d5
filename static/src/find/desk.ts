// What is open above any page (the palette, the form of a job), and what the board is asked to show next. State alone.
import { computed, ref, shallowRef } from 'vue';
import type { Job } from '../api/types';
import { go, person, route, zone } from '../house';
import { today } from '../board/store';
import { wallClock } from '../words/zone';

export const paletteOpen = ref(false);

/** A job that is being written down: for whom, where that is known, or the name that was searched in vain. */
export const newJob = shallowRef<{ customerId?: string; name?: string } | null>(null);
/** The job whose data are being changed. */
export const editedJob = shallowRef<Job | null>(null);

/** What the board does as soon as it is on the screen. */
export type Wish =
  | { show: 'job'; id: string; day: string; assign?: boolean }
  | { show: 'technician'; id: string }
  | { show: 'day'; day: string }
  | { show: 'plan' | 'auto' | 'density' };

export const wish = shallowRef<Wish | null>(null);

export function ask(next: Wish): void {
  wish.value = next;
  if (route.value !== '/') go('/');
}

/** The day on which a job stands on the board: that of its visit or window, else today, in the pool. */
export function dayOf(start: string | null | undefined): string {
  return start ? wallClock(Date.parse(start), zone.value).date : today();
}

export function startOf(job: Job): string | null {
  return (job.status === 'unassigned' ? null : job.visit?.start) ?? job.arrival_window?.start ?? null;
}

const OFFICE = ['admin', 'dispatcher', 'support'];
const DISPATCH = ['admin', 'dispatcher'];

/** May write customers, places and jobs down. */
export const mayWrite = computed(() => OFFICE.includes(person.value?.role ?? ''));
/** May give jobs to technicians, and end them. */
export const mayDispatch = computed(() => DISPATCH.includes(person.value?.role ?? ''));

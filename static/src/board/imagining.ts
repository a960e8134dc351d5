// While a day is only imagined, what a dispatcher does to the board goes there and not to the server's board. Whoever
// imagines puts a diversion here; the board's store asks before it acts. Holds nothing else.
import { shallowRef } from 'vue';
import type { PlannedChange } from '../api/types';

export interface Diversion {
  assign: (jobId: string, technicianId: string, startMs: number | null) => Promise<boolean>;
  unassign: (jobId: string) => Promise<boolean>;
}

export const diversion = shallowRef<Diversion | null>(null);
/** What the imagined day changes, for the timeline to show as not yet done. */
export const imagined = shallowRef<PlannedChange[]>([]);

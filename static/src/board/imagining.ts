// While a day is only imagined, what a dispatcher does to the board goes there and not to the server's board. Whoever
// imagines puts a diversion here; the board's store asks before it acts. Holds nothing else.
import { shallowRef } from 'vue';
import type { PlannedChange, Technician } from '../api/types';
import { toast } from '../ui/toasts';
import { t } from '../words';

export interface Diversion {
  assign: (jobId: string, technicianId: string, startMs: number | null) => Promise<boolean>;
  unassign: (jobId: string) => Promise<boolean>;
}

export const diversion = shallowRef<Diversion | null>(null);
/** True, and said, where something real is asked for while a day is imagined. */
export function standsInTheWay(): boolean {
  if (diversion.value) toast(t('whatif.first'), { tone: 'refusal' });
  return !!diversion.value;
}

/** What the imagined day changes, for the timeline to show as not yet done. */
export const imagined = shallowRef<PlannedChange[]>([]);
/** Who is away in it, by technician. */
export const imaginedAway = shallowRef<Record<string, NonNullable<Technician['absences']>>>({});
/** The jobs that it takes off. */
export const takenOff = shallowRef<string[]>([]);

// What a dispatcher does to a crew: somebody added, taken off, changed for another. The visit stays where it is.
import type { Job } from '../api/types';
import type { Target } from '../board/drag';
import { assign } from '../board/moves';
import type { PlacedJob } from '../board/state';
import { board } from '../board/store';
import { t } from '../words';

const nameOf = (id: string): string => board.value.technicians[id]?.name ?? id;

/** The visit as it stands, with this crew; `said` is what is told when it is done. */
export function crewed(job: Job, assistants: string[], said: string): Promise<boolean> {
  const { visit } = job;
  if (!visit) return Promise.resolve(false);
  const pinned = visit.pinned ?? false;
  return assign(job.id, visit.technician_id, Date.parse(visit.start), { assistants, pinned, said });
}

export const add = (job: Job, id: string): Promise<boolean> =>
  crewed(job, [...(job.visit?.assistants ?? []), id], t('crew.added', { name: nameOf(id) }));

export const takeOff = (job: Job, id: string): Promise<boolean> =>
  crewed(
    job,
    (job.visit?.assistants ?? []).filter((one) => one !== id),
    t('crew.takenOff', { name: nameOf(id) }),
  );

/** An assistant's bar was dropped: along its own row it moves the visit for all, on another row it changes the assistant. */
export function dropAlong(job: PlacedJob, holder: string, target: Target): void {
  const { visit } = job;
  const startMs = target.startMs ?? Date.parse(visit.start);
  const stays = [holder, visit.technician_id, ...(visit.assistants ?? [])].includes(target.technicianId);
  if (stays && startMs === Date.parse(visit.start)) return;
  const assistants = (visit.assistants ?? []).map((one) => (one === holder ? target.technicianId : one));
  void assign(job.id, visit.technician_id, startMs, stays ? {} : { assistants });
}

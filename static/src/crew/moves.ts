// What a dispatcher does to a crew: somebody added, taken off, changed for another. The visit stays where it is.
import type { Job } from '../api/types';
import type { Target } from '../board/drag';
import { assign } from '../board/moves';
import type { PlacedJob } from '../board/state';
import { board } from '../board/store';
import { toast } from '../ui/toasts';
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

const materialName = (id: string): string => board.value.materials[id]?.name ?? id;

/** The visit as it stands, with these materials. */
function laden(job: Job, materials: string[], said: string): Promise<boolean> {
  const { visit } = job;
  if (!visit || job.status === 'unassigned') {
    toast(t('materials.placeFirst'), { tone: 'refusal', lifeMs: 6_000 });
    return Promise.resolve(false);
  }
  const pinned = visit.pinned ?? false;
  return assign(job.id, visit.technician_id, Date.parse(visit.start), { materials, pinned, said });
}

/** Takes a material along. */
export const book = (job: Job, id: string): Promise<boolean> =>
  laden(job, [...new Set([...(job.visit?.materials ?? []), id])], t('materials.booked', { name: materialName(id) }));

export const unbook = (job: Job, id: string): Promise<boolean> =>
  laden(
    job,
    (job.visit?.materials ?? []).filter((one) => one !== id),
    t('materials.takenOff', { name: materialName(id) }),
  );

/** Takes off whoever or whatever goes along. */
export const letGo = (job: Job, holder: string): Promise<boolean> =>
  holder in board.value.materials ? unbook(job, holder) : takeOff(job, holder);

/**
 * The bar of an assistant or a material was dropped: along its own row it moves the visit for all, on another row of its kind
 * it changes the assistant or the material.
 */
export function dropAlong(job: PlacedJob, holder: string, target: Target): void {
  const { visit } = job;
  const startMs = target.startMs ?? Date.parse(visit.start);
  const to = target.technicianId;
  const { assistants = [], materials = [] } = visit;
  const stays = [visit.technician_id, ...assistants, ...materials].includes(to);
  if (stays && startMs === Date.parse(visit.start)) return;
  const swap = (all: string[]): string[] => all.map((one) => (one === holder ? to : one));
  const isThing = to in board.value.materials;
  if (isThing !== holder in board.value.materials) {
    void (isThing ? book(job, to) : assign(job.id, to, startMs));
    return;
  }
  const crew = isThing ? { materials: swap(materials) } : { assistants: swap(assistants) };
  void assign(job.id, visit.technician_id, startMs, stays ? {} : crew);
}

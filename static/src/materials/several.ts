// A material for several visits at once: each takes it along by the server's own rules, and of each that does not it is said why.
// Their hours and people stay; what waits in the pool has no visit that could take anything along.
import { api, Refused } from '../api/client';
import type { Job } from '../api/types';
import { board, put } from '../board/store';
import { offerUndo } from '../board/undo';
import { bundleOf } from '../bundles/stops';
import { draftName } from '../drafts/name';
import { toast } from '../ui/toasts';
import { takeBack } from '../undo/back';
import { t } from '../words';

/** Tells whether all of them take it along now. */
export async function bookAll(ids: readonly string[], materialId: string): Promise<boolean> {
  const name = board.value.materials[materialId]?.name ?? '';
  const stops = new Set<string>();
  const acts: number[] = [];
  const refused: string[] = [];
  const refuse = (job: Job, why: string): void => {
    refused.push(t('materials.refused', { job: job.customer_name || job.title, why }));
  };
  for (const id of ids) {
    const job = board.value.jobs[id];
    if (!job) continue;
    const stop = bundleOf(board.value.bundles, id)?.id;
    if (stop && stops.has(stop)) continue;
    const { visit } = job;
    if (!visit || job.status === 'unassigned') {
      refuse(job, t('materials.placeFirst'));
      continue;
    }
    if (visit.materials?.includes(materialId)) continue;
    try {
      const answer = await api.assign({
        job_id: id,
        technician_id: visit.technician_id,
        start: visit.start,
        materials: [...(visit.materials ?? []), materialId],
        pinned: visit.pinned ?? false,
        version: job.version,
        ...(draftName.value ? { draft: draftName.value } : { guard_promises: true }),
      });
      if (!draftName.value) put(answer);
      // The rest of a stop went along.
      if (stop) stops.add(stop);
      acts.push(answer.version);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(job, error.status === 0 ? t('toast.unreachable') : error.message);
    }
  }
  const n = acts.length;
  const back = async (): Promise<'said'> => {
    for (const act of [...acts].reverse()) if (!(await takeBack(act))) break;
    return 'said';
  };
  if (n) offerUndo(t('materials.bookedAll', { name, n }, n), back);
  if (refused.length) {
    const said = t('materials.notAll', { name, jobs: refused.join(' ') });
    toast(said, { tone: 'refusal', lifeMs: 6_000 + 4_000 * refused.length });
  }
  return !refused.length;
}

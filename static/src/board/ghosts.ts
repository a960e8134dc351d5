// Places that are not taken yet, by technician: where a job is carried, hovers, is on its way to, or would stand by a plan.
// Only the rows with a ghost, and those that lose one, are drawn anew.
import { computed, type ComputedRef, type Ref } from 'vue';
import { draftGhosts } from '../drafts/mode';
import { familyName } from '../words/format';
import type { Job } from '../api/types';
import { lengthOfStop } from '../bundles/stops';
import { carried, type Target } from './drag';
import type { Scale } from './geometry';
import { movesOf } from './many';
import { lit, previewed } from './planning';
import { resizing } from './resize';
import { board, pending, placing, routes, rows } from './store';

export interface Ghost {
  key: string;
  startMs: number;
  durationMin: number;
  kind: 'drag' | 'pending' | 'hover' | 'planned' | 'resize';
  /** What is said beside the time. */
  label?: string;
  jobId?: string;
  /** Pointed at in the list of changes. */
  lit?: boolean;
}

type ByTechnician = Record<string, Ghost[]>;

/** All ghosts; `hover` is where the job in hand would go by a click. */
export function ghostsOf(scale: Ref<Scale>, now: Ref<number>, hover: Ref<Target | null>): ComputedRef<ByTechnician> {
  return computed(() => {
    const by: ByTechnician = {};
    const put = (target: Target | null, jobId: string | undefined, kind: Ghost['kind']): void => {
      const job = jobId ? board.value.jobs[jobId] : undefined;
      if (!target || !job) return;
      const last = routes.value[target.technicianId]?.at(-1);
      const startMs = target.startMs ?? (last ? Date.parse(last.visit.end) : Math.max(now.value, scale.value.from));
      const durationMin = lengthOfStop(job, board.value);
      (by[target.technicianId] ??= []).push({ key: `${kind}-${job.id}`, startMs, durationMin, kind });
    };
    for (const [id, move] of pending) {
      if (move.technician_id) put({ technicianId: move.technician_id, startMs: move.startMs }, id, 'pending');
    }
    for (const change of previewed.value) {
      const startMs = Date.parse(change.start);
      (by[change.technician_id] ??= []).push({
        key: `planned-${change.job_id}`,
        jobId: change.job_id,
        startMs,
        durationMin: (Date.parse(change.end) - startMs) / 60_000,
        kind: 'planned',
        label: familyName(board.value.jobs[change.job_id]?.customer_name) || change.title,
        lit: lit.value === change.job_id,
      });
    }
    if (carried.job && carried.target) {
      const moves = movesOf(
        carried.job as Job,
        carried.jobs as readonly Job[],
        carried.target,
        rows.value,
        scale.value,
      );
      for (const { jobId, technicianId, startMs } of moves) {
        // What queues up behind the first is placed by the server.
        const queues = startMs === null && carried.target.startMs !== null;
        if (technicianId && !queues) put({ technicianId, startMs }, jobId, 'drag');
      }
    }
    if (resizing.value) {
      const visit = board.value.jobs[resizing.value.jobId]?.visit;
      if (visit) {
        const { jobId, durationMin } = resizing.value;
        const startMs = Date.parse(visit.start);
        (by[visit.technician_id] ??= []).push({ key: `resize-${jobId}`, startMs, durationMin, kind: 'resize' });
      }
    }
    for (const { technician_id, ghost } of draftGhosts.value) (by[technician_id] ??= []).push(ghost);
    if (!carried.job) put(hover.value, placing.value ?? undefined, 'hover');
    return by;
  });
}

// Customers who should know something of a visit ahead and cannot be told. Reads the board, changes nothing.
import { computed } from 'vue';
import type { Job, Untold } from '../api/types';
import { board } from './store';

export interface NotTold {
  job: Job;
  why: Untold['why'];
}

/** By the hour of the visit. */
export const untold = computed<NotTold[]>(() =>
  Object.values(board.value.untold)
    .flatMap(({ job_id, why }) => {
      const job = board.value.jobs[job_id];
      return job?.visit && (job.status === 'planned' || job.status === 'en_route') ? [{ job, why }] : [];
    })
    .sort((a, b) => (a.job.visit?.start ?? '').localeCompare(b.job.visit?.start ?? '')),
);

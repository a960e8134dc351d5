// Bundles as they cross the wire, and the calls about them.
import { acting } from '../api/client';

export interface Bundle {
  id: string;
  /** In the order of work. */
  job_ids: string[];
  by: string;
  made_at: string;
  version: number;
}

const path = (id: string): string => `/bundles/${encodeURIComponent(id)}`;

export const bundlesApi = {
  create: (job_ids: string[]) => acting<Bundle>('POST', '/bundles', { job_ids }),
  edit: (id: string, job_ids: string[], version: number) => acting<Bundle>('PATCH', path(id), { job_ids, version }),
  remove: (id: string) => acting<void>('DELETE', path(id)),
};

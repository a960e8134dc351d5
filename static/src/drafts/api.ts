// What the server says of drafts. Speaks HTTP through `call` alone.
import { acting, call } from '../api/client';
import type { Job, Told, Visit } from '../api/types';
import type { Words } from '../undo/api';

/** One entry of a named change-set; a job is in one draft at most. */
export interface DraftEntry {
  draft: string;
  visit: Visit & { job_id: string };
  removes?: boolean;
  before?: Visit | null;
  by: string;
}

export interface Why extends Words {
  code: string;
}

export interface Stand {
  technician_id: string;
  technician_name: string;
  start: string;
  end: string;
}

export interface EntryResult {
  job_id: Job['id'];
  draft: string;
  by: string;
  change: 'placed' | 'moved' | 'removed';
  title: string;
  customer_name: string;
  before: Stand | null;
  after: Stand | null;
  breaks: Told | null;
  text: { to: string; body: string } | null;
  refusals: Why[];
  warnings: Why[];
}

export interface DayResult {
  technician_id: string;
  name: string;
  visits: [number, number];
  driving_min: [number, number];
  driving_m: [number, number];
}

export interface Preview {
  results: EntryResult[];
  days: DayResult[];
  publishable: number;
  /** The one text of each technician concerned; of a preview alone. */
  technician_texts?: { technician_id: string; text: { to: string; body: string } }[];
  published: string[];
}

export const draftsApi = {
  preview: (date: string, draft: string) =>
    call<Preview>('POST', '/dispatch/publish', { date, draft, mode: 'preview' }),
  publish: (date: string, draft: string, partial: boolean) =>
    acting<Preview>('POST', '/dispatch/publish', { date, draft, partial }),
  drop: (draft: string, job_ids?: string[]) => call<unknown>('POST', '/dispatch/drafts/drop', { draft, job_ids }),
};

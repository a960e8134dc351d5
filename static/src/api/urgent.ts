// Three ways to let an urgent job in, as they cross the wire.
import { acting, call } from './client';
import type { Reasons, Span } from './types';

export type WayKind = 'fewest_broken' | 'soonest' | 'cheapest';

export interface UrgentPlace {
  technician_id: string;
  technician_name: string;
  start: string;
}

export interface UrgentChange {
  job_id: string;
  title: string;
  customer_name: string;
  /** Null for the urgent job itself. */
  from: UrgentPlace | null;
  /** Null where it goes back into the pool. */
  to: UrgentPlace | null;
  minutes: number | null;
  told: Span | null;
  breaks: boolean;
}

/** A text exactly as it would go out, or who could not be told. */
export interface DraftedText {
  job_id: string;
  to: 'customer' | 'technician';
  name: string;
  phone: string | null;
  kind: string;
  body: string | null;
  due_at: string | null;
  untold: string | null;
}

export interface Way {
  kind: WayKind;
  same_as: WayKind | null;
  technician_id: string;
  technician_name: string;
  start: string;
  end: string;
  starts_in_min: number;
  broken: number;
  moved: number;
  added_driving_min: number;
  reasons: Reasons;
  diff: UrgentChange[];
  texts: DraftedText[];
  changes: unknown[];
}

export const urgentApi = {
  ways: (job_id: string) => call<{ plans: Way[] }>('POST', '/dispatch/urgent', { job_id }),
  apply: (way: Way) => acting<unknown>('POST', '/dispatch/urgent/apply', { changes: way.changes }),
};

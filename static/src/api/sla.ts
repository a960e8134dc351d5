// Service levels as they cross the wire: policies, a job's clock, and the queue of those that matter now.
import { acting, call } from './client';
import type { JobStatus, Priority } from './types';
import type { Hours, Weekday } from './team';

export const PAUSE_REASONS = ['customer_absent', 'weather', 'parts', 'other'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export interface Pause {
  reason: PauseReason;
  note: string | null;
  since: string;
  by: string;
  until: string | null;
}

/** A job's clock; minutes are business minutes. */
export interface Clock {
  policy_id: string;
  policy_name: string;
  /** Since when it counts; of a job of a series the beginning of its day or window. */
  started_at: string;
  due_at: string;
  /** Negative once it is over. */
  minutes_left: number;
  target_min: number;
  at_risk_min: number;
  paused: Pause | null;
  pauses: Pause[];
  state: 'running' | 'paused' | 'met' | 'missed';
  version: number;
}

export interface Queued {
  job_id: string;
  title: string;
  customer_name: string;
  priority: Priority;
  status: JobStatus;
  sla: Clock;
  /** `late_min`: by how many minutes it will miss; negative where there is time to spare. */
  visit: { technician_id: string; start: string; eta: string | null; late_min: number } | null;
  /** For a job of the pool: the best slot before it is due. */
  best: { technician_id: string; technician_name: string; start: string; added_travel_min: number } | null;
}

export interface PolicyFields {
  name: string;
  priority: Priority | null;
  kind: string | null;
  customer_id: string | null;
  arrive_min: number;
  done_min: number | null;
  at_risk_min: number;
  hours: Partial<Record<Weekday, Hours[]>>;
}
export interface Policy extends PolicyFields {
  id: string;
  version: number;
}

const id = encodeURIComponent;

export const slaApi = {
  queue: (state: 'open' | 'at_risk' | 'paused' | 'missed') =>
    call<{ items: Queued[] }>('GET', `/dispatch/sla?state=${state}`),
  ofJob: (job: string) => call<{ sla: Clock | null }>('GET', `/jobs/${id(job)}`),
  pause: (job: string, reason: PauseReason, note: string, version: number) =>
    call<{ sla: Clock }>('POST', `/jobs/${id(job)}/sla/pause`, { reason, ...(note ? { note } : {}), version }),
  resume: (job: string, version: number) => call<{ sla: Clock }>('POST', `/jobs/${id(job)}/sla/resume`, { version }),
  policies: () => call<{ items: Policy[] }>('GET', '/sla/policies'),
  create: (policy: PolicyFields) => acting<Policy>('POST', '/sla/policies', policy),
  change: (before: Policy, policy: PolicyFields) =>
    acting<Policy>('PATCH', `/sla/policies/${id(before.id)}`, { ...policy, version: before.version }),
  remove: (policy: string) => acting<void>('DELETE', `/sla/policies/${id(policy)}`),
};

// A forked day beside the living one, as it crosses the wire.
import { acting, call } from './client';
import type { PlannedChange } from './types';
import type { DraftedText } from './urgent';

export interface DayFigures {
  planned: number;
  unassigned: number;
  driving_min: number;
  km: number;
  overtime_min: number;
  promises_broken: number;
  promises: number;
}

export interface ForkRemoval {
  job_id: string;
  title: string;
  customer_name: string;
  from: { technician_id: string; technician_name: string; start: string; end: string };
}

export interface WhatIf {
  id: string;
  date: string;
  seq: number;
  steps: ('assign' | 'unassign' | 'absent' | 'optimize')[];
  before: DayFigures;
  after: DayFigures;
  moved_customers: number;
  /** Who is away by a step of it, and when. */
  away?: { technician_id: string; start: string; end: string }[];
  changes: PlannedChange[];
  removed: ForkRemoval[];
  conflicts: { job_id: string; title: string; why: 'changed' | 'begun' | 'gone' }[];
  /** Why the board would refuse an adoption as it is now. */
  refusal: { code: string; fr: string; en: string } | null;
}

export type Step =
  | { kind: 'assign'; job_id: string; technician_id: string; start?: string }
  | { kind: 'unassign'; job_id: string }
  | { kind: 'absent'; technician_id: string }
  | { kind: 'optimize'; seconds?: number };

const at = (fork: string, rest = ''): string => `/dispatch/whatif/${encodeURIComponent(fork)}${rest}`;

export const whatIfApi = {
  fork: (date: string) => call<WhatIf>('POST', '/dispatch/whatif', { date }),
  look: (fork: string) => call<WhatIf>('GET', at(fork)),
  step: (fork: string, step: Step) => call<WhatIf>('POST', at(fork, '/steps'), { step }),
  back: (fork: string) => call<WhatIf>('DELETE', at(fork, '/steps')),
  texts: (fork: string) => call<{ items: DraftedText[] }>('GET', at(fork, '/texts')),
  adopt: (fork: string) => acting<unknown>('POST', at(fork, '/adopt'), {}),
  drop: (fork: string) => call<void>('DELETE', at(fork)),
};

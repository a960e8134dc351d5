// An absence with one approval, and absences that are moved or ended, as they cross the wire.
import { acting, call } from './client';
import type { DraftedText } from './urgent';
import type { Reasons, Span } from './types';

export type Choice =
  | { take: 'proposal' }
  | { take: 'pool' }
  | { take: 'short' }
  | { take: 'technician'; technician_id: string; start?: string | null };

/** A visit that cannot take place. */
export interface AbsenceHit extends Span {
  job_id: string;
  title: string;
  customer_name: string;
  /** The draft that it stands in; null for a visit that is real. */
  draft: string | null;
  /** The draft that gives this real visit to them as well, and loses it. */
  drops?: string | null;
  told: Span | null;
  /** Whoever is away only goes along: the visit stands, and `to` goes along instead. */
  helps: boolean;
  /** Who leads it then. */
  lead: string | null;
  /** One choice is made for all of a bundle. */
  bundle: string | null;
  choice: Choice;
  /** Null for the pool, or for a visit that goes short. */
  to: (Span & { technician_id: string; technician_name: string }) | null;
  breaks: boolean;
  reasons: Reasons;
}

export interface AbsenceFigures {
  km: number;
  driving_min: number;
  overtime_min: number;
  promises_broken: number;
}

/** What an absence would come to. Nothing of it is real. */
export interface AbsencePlan extends Span {
  id: string;
  revision: number;
  technician_id: string;
  technician_name: string;
  reason: string | null;
  absence_id: string | null;
  visits: AbsenceHit[];
  begun: { job_id: string; title: string; customer_name: string }[];
  before: AbsenceFigures;
  after: AbsenceFigures;
  texts: DraftedText[];
  recalled: DraftedText[];
}

/** What a plan no longer fits, and whose doing that is. */
export interface PlanConflict {
  job_id: string | null;
  title: string;
  why: 'changed' | 'new' | 'gone' | 'no_room' | 'technician' | 'texts';
  changed_by: string | null;
  changed_by_name: string | null;
  changed_at: string | null;
  what: { fr: string; en: string } | null;
}

const id = encodeURIComponent;
const at = (who: string, plan = ''): string => `/technicians/${id(who)}/absences/plan${plan && `/${id(plan)}`}`;

export const absencesApi = {
  plan: (who: string, span: Span, reason: string, absence_id: string | null) =>
    call<AbsencePlan>('POST', at(who), { start: span.start, end: span.end, reason: reason.trim() || null, absence_id }),
  choose: (plan: AbsencePlan, choices: { job_id: string; choice: Choice }[]) =>
    call<AbsencePlan>('PATCH', at(plan.technician_id, plan.id), { choices }),
  accept: (plan: AbsencePlan, reason: string) =>
    acting<{ job_ids: string[] }>('POST', `${at(plan.technician_id, plan.id)}/accept`, {
      revision: plan.revision,
      reason: reason.trim() || null,
    }),
  drop: (plan: AbsencePlan) => call<void>('DELETE', at(plan.technician_id, plan.id)),
  /** `version` is what was seen of the technician. */
  change: (who: string, absence: string, change: Partial<Span> & { version: number }) =>
    acting<Span>('PATCH', `/technicians/${id(who)}/absences/${id(absence)}`, change),
};

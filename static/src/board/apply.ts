// How the board catches up: (state, event) -> state. Pure, and total: an event it does not know changes nothing but
// the position. The dragger's own moves come through here too; there is no second way to move a bar.
import type { Eta, Job, LiveEvent, OutboxItem, Position, Technician, Told, Untold, Visit } from '../api/types';
import type { FreshRow } from './refresh';
import { toldOf } from './promise';
import type { BoardState } from './state';

/** The outbox view asks the server for older ones. */
const MESSAGES_KEPT = 300;

const OVER = /^(done|no_access)$/;

type Change = (state: BoardState, data: Record<string, unknown>) => BoardState;

/** A new version of a job; what the event does not carry about the same visit is kept. */
function putJob(state: BoardState, data: Record<string, unknown>): BoardState {
  if (!data['job']) return state;
  const job = { ...(data['job'] as Job) };
  const old = state.jobs[job.id];
  if (old && old.version > job.version) return state;
  // An event that says nothing of the visit has not taken it away; `null` has.
  if (job.visit === undefined) job.visit = old?.visit ?? null;
  const kept = old?.visit && job.visit && old.visit.id === job.visit.id ? old.visit : null;
  const visit: Visit | null = job.visit ? { ...kept, ...defined(job.visit) } : null;
  // What the customer was told stands also when nobody goes any more, but not once somebody was there.
  const over = !kept && OVER.test(old?.visit?.status ?? '');
  const promise = old && !over ? toldOf(old) : null;
  const jobs = { ...state.jobs, [job.id]: { ...old, promise, ...defined(job), visit } };
  return { ...state, jobs: withTravel(jobs, data['visits']) };
}

/** Neighbours whose drive changed because this job came or went. */
function withTravel(jobs: Record<string, Job>, visits: unknown): Record<string, Job> {
  if (!Array.isArray(visits)) return jobs;
  const travel = new Map(
    (visits as { visit_id?: string; id?: string; travel_min?: number }[]).map((v) => [
      v.visit_id ?? v.id,
      v.travel_min,
    ]),
  );
  for (const job of Object.values(jobs)) {
    const minutes = job.visit ? travel.get(job.visit.id) : undefined;
    if (job.visit && minutes !== undefined) jobs[job.id] = { ...job, visit: { ...job.visit, travel_min: minutes } };
  }
  return jobs;
}

/** The same object without its undefined fields, so that spreading it overwrites nothing by accident. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

function putEtas(state: BoardState, data: Record<string, unknown>): BoardState {
  const jobs = { ...state.jobs };
  for (const entry of (data['etas'] ?? []) as { job_id: string; visit_id: string; eta: Eta | null }[]) {
    const job = jobs[entry.job_id];
    // A visit that has moved on to another technician is no business of this route any more.
    if (job?.visit && job.visit.id === entry.visit_id) {
      jobs[job.id] = { ...job, visit: { ...job.visit, eta: entry.eta } };
    }
  }
  return { ...state, jobs };
}

function putTechnician(state: BoardState, data: Record<string, unknown>): BoardState {
  const technician = data['technician'] as (Technician & { position?: Position | null; visits?: unknown }) | undefined;
  if (!technician) return state;
  const { position, visits: _visits, ...rest } = technician;
  void _visits;
  const old = state.technicians[rest.id];
  const technicians = {
    ...state.technicians,
    [rest.id]: { ...old, ...defined(rest), shifts: rest.shifts ?? old?.shifts ?? [] },
  };
  const positions = position ? { ...state.positions, [rest.id]: position } : state.positions;
  return { ...state, technicians, positions };
}

function putPosition(state: BoardState, data: Record<string, unknown>): BoardState {
  const { technician_id, ...position } = data as unknown as Position & { technician_id: string };
  const old = state.positions[technician_id];
  if (old && Date.parse(old.at) > Date.parse(position.at)) return state;
  return { ...state, positions: { ...state.positions, [technician_id]: position } };
}

function putPromise(state: BoardState, data: Record<string, unknown>): BoardState {
  const job = state.jobs[data['job_id'] as string];
  if (!job) return state;
  // Its text has not left yet: what was told before stands until then.
  const { due_at, held } = data as { due_at?: string | null; held?: boolean };
  const next_promise: Told = { ...(data['promise'] as Told), due_at: due_at ?? null, held: held ?? false };
  const visit = job.visit && { ...job.visit, next_promise };
  const { [job.id]: _told, ...untold } = state.untold;
  void _told;
  return { ...state, untold, jobs: { ...state.jobs, [job.id]: { ...job, visit } } };
}

function promising(state: BoardState, job: Job, promise: Told | null, next_promise: Told | null): BoardState {
  const visit = job.visit && { ...job.visit, promise, next_promise };
  return { ...state, jobs: { ...state.jobs, [job.id]: { ...job, promise, visit } } };
}

/** What stands without that text: what was told before it; nothing where this screen has not heard of that. */
function unsaid(told: Told | null | undefined, id: string): Told | null | undefined {
  if (told?.message_id === id) return told.before;
  return told?.before ? { ...told, before: unsaid(told.before, id) } : told;
}

function putUntold(state: BoardState, data: Record<string, unknown>): BoardState {
  const one = data as unknown as Untold;
  return { ...state, untold: { ...state.untold, [one.job_id]: one } };
}

/** Texts after which an hour that was told before holds no more. */
const ENDS = /^(cancelled|hour_gone)$/;

/** What the customer knows once that text has left, or never will. */
function heard(state: BoardState, job: Job, message: OutboxItem): BoardState {
  const told = toldOf(job);
  const next = job.visit?.next_promise ?? null;
  if (message.state === 'drafted') return state;
  const isNext = next?.message_id === message.id;
  // Approved, and on its way: it is no draft any more.
  if (message.waiting)
    return isNext && next.held
      ? promising(state, job, told, { ...next, held: false, due_at: message.due_at ?? null })
      : state;
  const gone = message.state === 'recalled' || message.state === 'failed';
  if (isNext) return promising(state, job, gone ? told : { ...next, before: told }, null);
  // That nobody comes was read by nobody after all: what was told before stands again, and only the server knows it.
  if (!told) return gone && ENDS.test(message.kind) ? { ...state, behind: true } : state;
  if (!gone) {
    const over = ENDS.test(message.kind) && Date.parse(told.told_at) <= Date.parse(message.at);
    return over ? promising(state, job, null, next) : state;
  }
  // What was taken back, or never left, is no promise: the one before stands. Whoever has not heard of that one asks anew.
  const stands = unsaid(told, message.id);
  if (stands === undefined && told.number > 1) return { ...state, behind: true };
  return promising(state, job, stands ?? null, next);
}

function putMessage(state: BoardState, data: Record<string, unknown>): BoardState {
  const message = data['message'] as OutboxItem | undefined;
  if (!message) return state;
  const messages = { ...state.messages, [message.id]: message };
  const ids = Object.keys(messages);
  if (ids.length > MESSAGES_KEPT) delete messages[ids[0] as string];
  const job = state.jobs[message.job_id ?? ''];
  const next = { ...state, messages };
  return job ? heard(next, job, message) : next;
}

/** Takes that very proposal away; another one of the day, which may have come first, stays. */
function dropProposal(state: BoardState, data: Record<string, unknown>): BoardState {
  const gone = Object.values(state.proposals).find((one) => one.id === data['proposal_id']);
  if (!gone) return state;
  const { [gone.date]: _gone, ...proposals } = state.proposals;
  void _gone;
  return { ...state, proposals };
}

/** Rows that were read anew: their shifts, their absences, and the drive before each visit that still stands there. */
function putRows(state: BoardState, data: Record<string, unknown>): BoardState {
  const technicians = { ...state.technicians };
  const jobs = { ...state.jobs };
  for (const row of (data['rows'] ?? []) as FreshRow[]) {
    const technician = technicians[row.technician_id];
    if (!technician) continue;
    const { shifts, absences, busy = [], calendars = [] } = row;
    technicians[technician.id] = { ...technician, shifts, absences, busy, calendars };
    for (const { job_id, visit_id, travel_min } of row.visits) {
      const job = jobs[job_id];
      if (job?.visit?.id !== visit_id || job.visit.technician_id !== row.technician_id) continue;
      if (job.visit.travel_min !== travel_min) jobs[job_id] = { ...job, visit: { ...job.visit, travel_min } };
    }
  }
  return { ...state, technicians, jobs };
}

type Kept = 'technicians' | 'holds' | 'drafts' | 'bundles' | 'materials' | 'proposals';
type Data = Record<string, Record<string, unknown>>;

/** The thing of that name in the event takes the place of the older one. */
const put =
  (list: Kept, name: string, keyOf: (one: Data) => unknown = (one) => one['id']): Change =>
  (state, data) => {
    const one = data[name] as Data | undefined;
    return one ? { ...state, [list]: { ...state[list], [keyOf(one) as string]: one } } : state;
  };

/** It is there no more. */
const drop =
  (list: Kept, keyOf: (data: Data) => unknown): Change =>
  (state, data) => {
    const { [keyOf(data as Data) as string]: gone, ...rest } = state[list] as Record<string, unknown>;
    return gone ? { ...state, [list]: rest } : state;
  };

const CHANGES: Record<string, Change> = {
  'rows.fresh': putRows,
  'draft.changed': put('drafts', 'entry', (one) => one['visit']?.['job_id']),
  'draft.gone': drop('drafts', (data) => data['job_id']),
  'route.etas': putEtas,
  'tech.position': putPosition,
  'promise.told': putPromise,
  'promise.drafted': putPromise,
  'promise.untold': putUntold,
  'bundle.changed': put('bundles', 'bundle'),
  'bundle.gone': drop('bundles', (data) => data['bundle']?.['id']),
  'technician.removed': drop('technicians', (data) => data['technician']?.['id']),
  'material.created': put('materials', 'material'),
  'material.updated': put('materials', 'material'),
  'material.deleted': drop('materials', (data) => data['material']?.['id']),
  'slot.held': put('holds', 'hold'),
  'hold.gone': drop('holds', (data) => data['hold_id']),
  'plan.proposed': put('proposals', 'proposal', (one) => one['date']),
  'plan.gone': dropProposal,
  resync: (state) => ({ ...state, behind: true }),
};

function changeFor(type: string): Change | undefined {
  if (CHANGES[type]) return CHANGES[type];
  if (type.startsWith('job.')) return putJob;
  if (type.startsWith('technician.')) return putTechnician; // `technician.arrived` carries no technician, and changes nothing
  if (type.startsWith('message.')) return putMessage;
  return undefined;
}

/** An entry of a draft raises its job's version, and says no more of the job than that. */
function raised(state: BoardState, event: LiveEvent): BoardState {
  const job = state.jobs[(event.data as { job_id?: string } | null)?.job_id ?? ''];
  if (!job || event.seq === null || !event.type.startsWith('draft.') || job.version >= event.seq) return state;
  return { ...state, jobs: { ...state.jobs, [job.id]: { ...job, version: event.seq } } };
}

/** The state after the event. A durable event at or before `state.seq` is already in it. */
export function apply(state: BoardState, event: LiveEvent): BoardState {
  if (event.seq !== null && event.type !== 'resync' && event.seq <= state.seq) return state;
  const next = raised(changeFor(event.type)?.(state, event.data ?? {}) ?? state, event);
  return event.seq !== null && event.seq > next.seq && event.type !== 'resync' ? { ...next, seq: event.seq } : next;
}

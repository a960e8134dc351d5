// How the board catches up: (state, event) -> state. Pure, and total: an event it does not know changes nothing but
// the position. The dragger's own moves come through here too; there is no second way to move a bar.
import type {
  Eta,
  Hold,
  Job,
  LiveEvent,
  OutboxItem,
  Position,
  Proposal,
  Technician,
  Told,
  Untold,
  Visit,
} from '../api/types';
import type { FreshRow } from './refresh';
import type { Bundle } from '../bundles/api';
import type { DraftEntry } from '../drafts/api';
import type { Material } from '../materials/api';
import type { BoardState } from './state';

/** The outbox view asks the server for older ones. */
const MESSAGES_KEPT = 300;

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
  const jobs = { ...state.jobs, [job.id]: { ...old, ...defined(job), visit } };
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

function dropTechnician(state: BoardState, data: Record<string, unknown>): BoardState {
  const { [(data['technician'] as { id: string }).id]: _gone, ...technicians } = state.technicians;
  void _gone;
  return { ...state, technicians };
}

function putPosition(state: BoardState, data: Record<string, unknown>): BoardState {
  const { technician_id, ...position } = data as unknown as Position & { technician_id: string };
  const old = state.positions[technician_id];
  if (old && Date.parse(old.at) > Date.parse(position.at)) return state;
  return { ...state, positions: { ...state.positions, [technician_id]: position } };
}

function putPromise(state: BoardState, data: Record<string, unknown>): BoardState {
  const job = state.jobs[data['job_id'] as string];
  if (!job?.visit) return state;
  const visit = { ...job.visit, promise: data['promise'] as Told };
  const { [job.id]: _told, ...untold } = state.untold;
  void _told;
  return { ...state, untold, jobs: { ...state.jobs, [job.id]: { ...job, visit } } };
}

function putUntold(state: BoardState, data: Record<string, unknown>): BoardState {
  const one = data as unknown as Untold;
  return { ...state, untold: { ...state.untold, [one.job_id]: one } };
}

function putMessage(state: BoardState, data: Record<string, unknown>): BoardState {
  const message = data['message'] as OutboxItem | undefined;
  if (!message) return state;
  const messages = { ...state.messages, [message.id]: message };
  const ids = Object.keys(messages);
  if (ids.length > MESSAGES_KEPT) delete messages[ids[0] as string];
  return { ...state, messages };
}

/** A newer proposal of a day takes the place of the older one. */
function putProposal(state: BoardState, data: Record<string, unknown>): BoardState {
  const proposal = data['proposal'] as Proposal | undefined;
  return proposal ? { ...state, proposals: { ...state.proposals, [proposal.date]: proposal } } : state;
}

/** Takes that very proposal away; another one of the day, which may have come first, stays. */
function dropProposal(state: BoardState, data: Record<string, unknown>): BoardState {
  const gone = Object.values(state.proposals).find((one) => one.id === data['proposal_id']);
  if (!gone) return state;
  const { [gone.date]: _gone, ...proposals } = state.proposals;
  void _gone;
  return { ...state, proposals };
}

function putHold(state: BoardState, data: Record<string, unknown>): BoardState {
  const hold = data['hold'] as Hold | undefined;
  return hold ? { ...state, holds: { ...state.holds, [hold.id]: hold } } : state;
}

function dropHold(state: BoardState, data: Record<string, unknown>): BoardState {
  const { [data['hold_id'] as string]: gone, ...holds } = state.holds;
  return gone ? { ...state, holds } : state;
}

function putDraft(state: BoardState, data: Record<string, unknown>): BoardState {
  const entry = data['entry'] as DraftEntry | undefined;
  return entry ? { ...state, drafts: { ...state.drafts, [entry.visit.job_id]: entry } } : state;
}

function dropDraft(state: BoardState, data: Record<string, unknown>): BoardState {
  const { [data['job_id'] as string]: gone, ...drafts } = state.drafts;
  return gone ? { ...state, drafts } : state;
}

function putBundle(state: BoardState, data: Record<string, unknown>): BoardState {
  const bundle = data['bundle'] as Bundle | undefined;
  return bundle ? { ...state, bundles: { ...state.bundles, [bundle.id]: bundle } } : state;
}

function dropBundle(state: BoardState, data: Record<string, unknown>): BoardState {
  const { [(data['bundle'] as Bundle).id]: _gone, ...bundles } = state.bundles;
  void _gone;
  return { ...state, bundles };
}

function putMaterial(state: BoardState, data: Record<string, unknown>): BoardState {
  const material = data['material'] as Material | undefined;
  return material ? { ...state, materials: { ...state.materials, [material.id]: material } } : state;
}

function dropMaterial(state: BoardState, data: Record<string, unknown>): BoardState {
  const { [(data['material'] as Material).id]: _gone, ...materials } = state.materials;
  void _gone;
  return { ...state, materials };
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

const CHANGES: Record<string, Change> = {
  'rows.fresh': putRows,
  'draft.changed': putDraft,
  'draft.gone': dropDraft,
  'route.etas': putEtas,
  'tech.position': putPosition,
  'promise.told': putPromise,
  'promise.untold': putUntold,
  'bundle.changed': putBundle,
  'bundle.gone': dropBundle,
  'technician.removed': dropTechnician,
  'material.created': putMaterial,
  'material.updated': putMaterial,
  'material.deleted': dropMaterial,
  'slot.held': putHold,
  'hold.gone': dropHold,
  'plan.proposed': putProposal,
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

// What a board knows, as plain data. Jobs carry their own visit, so a job is in one place only.
// Read by the screens; changed by apply.ts alone.
import type { BoardAnswer, Hold, Job, OutboxItem, Position, Proposal, Technician, Untold, Visit } from '../api/types';
import type { Bundle } from '../bundles/api';
import type { DraftEntry } from '../drafts/api';
import type { Material } from '../materials/api';
import { deadline, presses } from './promise';

export interface BoardState {
  /** Journal position this state stands for. */
  seq: number;
  /** The day shown, YYYY-MM-DD in the company's zone. */
  date: string;
  /** How many days from it on. */
  days: number;
  technicians: Record<string, Technician>;
  /** Kept apart from the technicians: a fix every few seconds must not redraw rows. */
  positions: Record<string, Position>;
  jobs: Record<string, Job>;
  messages: Record<string, OutboxItem>;
  /** By job: customers who should know something and cannot be told. */
  untold: Record<string, Untold>;
  /** By day: what the planner offers, one at most. */
  proposals: Record<string, Proposal>;
  /** By id: slots kept free for some minutes. */
  holds: Record<string, Hold>;
  /** By job: what drafts hold, seen by dispatchers alone. */
  drafts: Record<string, DraftEntry>;
  /** By id: jobs that are one stop. */
  bundles: Record<string, Bundle>;
  /** By id: what visits take along. */
  materials: Record<string, Material>;
  /** History did not reach: the snapshot must be fetched anew. */
  behind: boolean;
}

export const EMPTY: BoardState = {
  seq: 0,
  date: '',
  days: 1,
  technicians: {},
  positions: {},
  jobs: {},
  messages: {},
  untold: {},
  proposals: {},
  holds: {},
  drafts: {},
  bundles: {},
  materials: {},
  behind: false,
};

/** The snapshot as a state. */
export function fromSnapshot(answer: BoardAnswer): BoardState {
  const state: BoardState = {
    ...EMPTY,
    seq: answer.seq,
    date: answer.date,
    days: answer.days ?? 1,
    technicians: {},
    positions: {},
    jobs: {},
  };
  for (const { position, visits, ...technician } of answer.technicians) {
    state.technicians[technician.id] = technician;
    if (position) state.positions[technician.id] = position;
    for (const { job, job_id, ...visit } of visits) {
      state.jobs[job_id] = { ...job, visit: { ...job.visit, ...visit, technician_id: technician.id } };
    }
  }
  state.untold = Object.fromEntries((answer.untold ?? []).map((one) => [one.job_id, one]));
  state.proposals = Object.fromEntries((answer.proposals ?? []).map((one) => [one.date, one]));
  state.holds = Object.fromEntries((answer.holds ?? []).map((one) => [one.id, one]));
  state.drafts = Object.fromEntries((answer.drafts ?? []).map((one) => [one.visit.job_id, one]));
  state.bundles = Object.fromEntries((answer.bundles ?? []).map((one) => [one.id, one]));
  state.materials = Object.fromEntries((answer.materials ?? []).map((one) => [one.id, one]));
  for (const job of answer.pool) state.jobs[job.id] = job;
  return state;
}

/** Jobs that wait for a technician, most pressing first: the urgent, what presses by its hour, then priority, window and id. */
export function poolOf(state: BoardState, nowMs: number): Job[] {
  const ranks = { urgent: 0, high: 2, normal: 3, low: 4 };
  const start = (job: Job): number => (job.arrival_window ? Date.parse(job.arrival_window.start) : 9e15);
  return Object.values(state.jobs)
    .filter((job) => job.status === 'unassigned')
    .map((job) => {
      const soon = presses(job, nowMs);
      const rank = soon ? Math.min(1, ranks[job.priority]) : ranks[job.priority];
      return { job, rank, by: soon ? (deadline(job) ?? 0) : start(job) };
    })
    .sort((a, b) => a.rank - b.rank || a.by - b.by || a.job.id.localeCompare(b.job.id))
    .map(({ job }) => job);
}

/** A job that stands on the timeline. */
export type PlacedJob = Job & { visit: Visit };

const OFF_BOARD = new Set(['unassigned', 'cancelled']);

/**
 * The jobs of each technician that start in `fromMs`..`toMs`, in time order. Arrays of `before` are reused where nothing
 * changed, so their rows rest.
 */
export function routesOf(
  state: BoardState,
  before: Record<string, PlacedJob[]> = {},
  fromMs = -Infinity,
  toMs = Infinity,
): Record<string, PlacedJob[]> {
  const routes: Record<string, PlacedJob[]> = {};
  for (const id of Object.keys(state.technicians)) routes[id] = [];
  for (const job of Object.values(state.jobs)) {
    if (!job.visit || OFF_BOARD.has(job.status)) continue;
    const start = Date.parse(job.visit.start);
    if (start >= fromMs && start < toMs) routes[job.visit.technician_id]?.push(job as PlacedJob);
  }
  for (const [id, route] of Object.entries(routes)) {
    route.sort((a, b) => Date.parse(a.visit.start) - Date.parse(b.visit.start));
    const old = before[id];
    if (old && old.length === route.length && old.every((job, i) => job === route[i])) routes[id] = old;
  }
  return routes;
}

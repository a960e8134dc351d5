// Several selected jobs moved by one gesture: where each of them goes when one is put somewhere, and the one request that moves
// them all or none. The first part is pure.
import type { Breaking } from '../ledger/breaking';
import { api, Refused } from '../api/client';
import type { Job, MoveAsked } from '../api/types';
import { draftName } from '../drafts/name';
import { zone } from '../house';
import { takeBack } from '../undo/back';
import { language, t } from '../words';
import { rfc3339 } from '../words/zone';
import type { Target } from './drag';
import { clampStart, type Scale } from './geometry';
import { diversion, standsInTheWay } from './imagining';
import { movedOf } from './moved';
import { assign, say, unassign } from './moves';
import { board, landed, pending, put } from './store';
import { offerUndo } from './undo';

/** Where one of several goes; no start is the place behind the one before it. */
export interface Move {
  jobId: string;
  technicianId: string | null;
  startMs: number | null;
}

const startOf = (job: Job): number => (job.visit && job.status !== 'unassigned' ? Date.parse(job.visit.start) : NaN);

/**
 * Where the jobs go when `lead`, one of them, is put on `target`. Visits keep their distance in time and in rows from it; jobs of
 * the pool queue up behind it; at the end of a route all of them do.
 */
export function movesOf(
  lead: Job,
  jobs: readonly Job[],
  target: Target,
  rows: readonly { id: string; thing?: string }[],
  scale: Scale,
): Move[] {
  // A material goes along with them: each keeps its hour.
  if (rows.some((row) => row.id === target.technicianId && row.thing !== undefined)) {
    const all = [lead, ...jobs.filter((job) => job.id !== lead.id)];
    return all.map((job) => {
      const start = startOf(job);
      return { jobId: job.id, technicianId: target.technicianId, startMs: Number.isNaN(start) ? null : start };
    });
  }
  const people = rows.filter((row) => row.thing === undefined);
  const first: Move = { jobId: lead.id, technicianId: target.technicianId, startMs: target.startMs };
  const others = jobs.filter((job) => job.id !== lead.id);
  const rowOf = (id: string | undefined): number => people.findIndex((row) => row.id === id);
  const leadStart = startOf(lead);
  const step = Number.isNaN(leadStart) ? 0 : rowOf(target.technicianId) - rowOf(lead.visit?.technician_id);
  const rest = others.map((job): Move => {
    const start = startOf(job);
    if (target.startMs === null || Number.isNaN(start) || Number.isNaN(leadStart)) {
      return { jobId: job.id, technicianId: target.technicianId, startMs: null };
    }
    const row = Math.max(0, Math.min(people.length - 1, rowOf(job.visit?.technician_id) + step));
    const startMs = clampStart(start + target.startMs - leadStart, job.duration_min, scale);
    return { jobId: job.id, technicianId: people[row]?.id ?? target.technicianId, startMs };
  });
  const byTime = (a: Move, b: Move): number => (a.startMs ?? Infinity) - (b.startMs ?? Infinity);
  return [first, ...rest.sort(byTime)];
}

/** As the server takes it. */
function asked(move: Move, job: Job, atEnd: boolean): MoveAsked {
  return {
    job_id: job.id,
    version: job.version,
    ...(move.technicianId ? { technician_id: move.technicianId } : {}),
    ...(move.technicianId && move.startMs !== null ? { start: rfc3339(move.startMs) } : {}),
    ...(move.technicianId && move.startMs === null && atEnd ? { append_to: board.value.date } : {}),
  };
}

/** Moves them all, or none. Tells whether it was done. */
export async function moveSeveral(moves: readonly Move[], breaking?: Breaking): Promise<boolean> {
  const imagined = diversion.value;
  const thing = moves[0]?.technicianId ?? '';
  if (thing in board.value.materials) {
    if (standsInTheWay()) return false;
    const { bookAll } = await import('../materials/several');
    return bookAll(
      moves.map((move) => move.jobId),
      thing,
    );
  }
  if (imagined) {
    // A day that is only imagined takes them one by one.
    let all = true;
    for (const { jobId, technicianId, startMs } of moves) {
      const done = technicianId ? imagined.assign(jobId, technicianId, startMs) : imagined.unassign(jobId);
      all = (await done) && all;
    }
    return all;
  }
  if (draftName.value) {
    // So does a draft, where nothing is real before it is published.
    let all = true;
    for (const { jobId, technicianId, startMs } of moves) {
      const done = technicianId ? assign(jobId, technicianId, startMs, { undoable: false }) : unassign(jobId, false);
      all = (await done) && all;
    }
    return all;
  }
  const known = moves.flatMap((move) => {
    const job = board.value.jobs[move.jobId];
    return job ? [{ move, job }] : [];
  });
  const lead = known[0];
  if (!lead) return false;
  const atEnd = lead.move.startMs === null;
  for (const { move, job } of known) {
    pending.set(job.id, { technician_id: move.technicianId, startMs: move.startMs, version: 0 });
  }
  try {
    const answer = await api.assignMany(
      known.map(({ move, job }) => asked(move, job, atEnd)),
      breaking,
    );
    for (const job of answer.jobs) {
      pending.delete(job.id);
      put(job);
    }
    if (lead.move.technicianId) landed.value = { jobId: lead.job.id, technicianId: lead.move.technicianId };
    const nameOf = (id: string): string => board.value.technicians[id]?.name ?? '';
    const before = known.map(({ job }) => job);
    const { n, by, span } = movedOf(before, answer.jobs, nameOf, language(), zone.value);
    const key = lead.move.technicianId ? (by ? 'many.movedBy' : 'many.moved') : 'many.unassigned';
    const said = t(key, { n, by, span }, n);
    // They were one act: any of its positions names it.
    const act = answer.jobs[0]?.version;
    const back = async (): Promise<'said'> => {
      await takeBack(act);
      return 'said';
    };
    offerUndo(said, back, answer.warnings?.[language()].join(' '));
    return true;
  } catch (error) {
    for (const { job } of known) pending.delete(job.id);
    const stale = error instanceof Refused && Array.isArray(error.current) ? (error.current as Job[]) : [];
    for (const job of stale) put(job);
    const changed = known.find(({ job }) => stale.some((now) => now.id === job.id && now.version !== job.version));
    const wanted = changed?.move.technicianId
      ? { technicianId: changed.move.technicianId, startMs: changed.move.startMs }
      : null;
    say(error, {
      break: (why) => void moveSeveral(moves, why),
      ...(changed ? { again: { before: changed.job, wanted, run: () => void moveSeveral(moves, breaking) } } : {}),
    });
    return false;
  }
}

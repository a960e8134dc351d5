// What a dispatcher does to the board: one job or several given to somebody, moved, taken back. A move shows as a ghost until the
// server's event has been applied. Refusals are said in words, with the ways on from them.
import { api, Refused } from '../api/client';
import type { Assigned, Job } from '../api/types';
import { book } from '../crew/moves';
import { draftName } from '../drafts/name';
import { person, zone } from '../house';
import { askToBreak, type Breaking } from '../ledger/breaking';
import { dismiss, toast } from '../ui/toasts';
import { noteDone, takeBack } from '../undo/back';
import { language, t } from '../words';
import { clock } from '../words/format';
import { rfc3339 } from '../words/zone';
import { apply } from './apply';
import { diversion, standsInTheWay } from './imagining';
import { clashOver, type Again } from './clash';
import { board, decline, landed, live, pending, placing, put, type Pending } from './store';
import { noteRefused, offerUndo } from './undo';

/** Rules that a dispatcher may override, by the refusal that names them; what was overridden is recorded. */
const OVERRIDABLE: Record<string, string> = {
  'board.technician_lacks_skill': 'skill',
  'board.zone_not_admitted': 'zone',
  'board.outside_shift': 'shift',
  'board.technician_away': 'absence',
  'board.technician_busy': 'busy',
  'board.too_soon_after': 'order',
  'board.waits_for_unplanned': 'order',
};

/** Other ways on from a refused move. */
export interface Ways {
  /** What was wanted, in words, and how it is tried again on what is true now. */
  again?: Again;
  /** Against this rule. */
  insist?: (rule: string) => void;
  /** Where the technician's time is taken: at another hour. */
  elsewhere?: () => void;
  /** Although a told window breaks by it. */
  break?: (breaking: Breaking) => void;
  /** Together with what waits for it. */
  along?: () => void;
}

function wayOn(error: Refused, ways?: Ways): { words: string; run: () => void } | null {
  const rule = OVERRIDABLE[error.code];
  const insist = ways?.insist;
  if (rule && insist) return { words: t('toast.insist'), run: () => insist(rule) };
  if (error.code === 'board.overlap' && ways?.elsewhere) return { words: t('toast.elsewhere'), run: ways.elsewhere };
  const broken = error.problem.would_break;
  if (broken?.length && ways?.along)
    return { words: t('order.along', { titles: broken.map((one) => one.title).join(', ') }), run: ways.along };
  return null;
}

/** Says a refusal, with the ways on from it; a move that came too late becomes a choice (clash.ts). */
export function say(error: unknown, ways?: Ways): void {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) person.value = null;
  if (error.code === 'promise.broken' && ways?.break) return askToBreak(error, ways.break);
  if (!error.problem.would_break && ways?.again && clashOver(error, ways.again)) return;
  // What was answered by nobody may have been done all the same: then the server knows what to take back.
  if (error.status >= 400 && error.status < 500 && error.status !== 401) noteRefused();
  const text = error.status === 0 ? t('toast.unreachable') : t('toast.refused', { why: error.message });
  const way = wayOn(error, ways);
  const insist = way && {
    words: way.words,
    run: () => {
      dismiss(id);
      way.run();
    },
  };
  const id = toast(text, { tone: 'refusal', lifeMs: 9_000, ...(insist ? { insist } : {}) });
  // A conflict carries what is true now: show that, not what we believed.
  const current = error.current as Job | null;
  if (error.status === 409 && current?.id) put(current);
}

export async function carryOut(
  job: Job,
  ghost: Omit<Pending, 'version'>,
  ask: () => Promise<Assigned>,
  ways?: Ways,
): Promise<Assigned | null> {
  pending.set(job.id, { ...ghost, version: 0 });
  try {
    const answer = await ask();
    // What went into a draft is drawn as such as soon as its event is here.
    if (draftName.value) pending.delete(job.id);
    else if ((board.value.jobs[job.id]?.version ?? 0) >= answer.version) pending.delete(job.id);
    else pending.set(job.id, { ...ghost, version: answer.version });
    setTimeout(
      () => {
        // The event is late: take the answer itself rather than leave a ghost standing.
        if (pending.get(job.id)?.version === answer.version) put(answer);
      },
      live.value ? 3_000 : 0,
    );
    return answer;
  } catch (error) {
    pending.delete(job.id);
    say(error, ways);
    return null;
  }
}

/** How a job is put somewhere. */
interface How {
  /** Offers the way back; so it does where nothing is said. */
  undoable?: boolean;
  /** Without a start: where it first fits, and not at the end of the day. */
  first?: boolean;
  /** Rules that the dispatcher insists against. */
  overrides?: string[];
  /** False for a visit that no person had fixed; the server pins what is put by hand. */
  pinned?: boolean;
  /** Who goes along; as it stands where left out. */
  assistants?: string[];
  /** What is taken along; as it stands where left out. */
  materials?: string[];
  /** What is told when it is done. */
  said?: string;
  /** A told window is broken knowingly. */
  breaking?: Breaking;
  /** What waits for it moves along where it must. */
  along?: boolean;
}

/** Into the draft that is worked in, else onto the live board, where told windows are guarded. */
function whither(breaking?: Breaking): { draft?: string; guard_promises?: boolean; break_promise?: Breaking } {
  if (draftName.value) return { draft: draftName.value };
  return { guard_promises: true, ...(breaking ? { break_promise: breaking } : {}) };
}

/** Puts a job on a technician's route; without `startMs` at the end of the first day shown. Tells whether it was done. */
export async function assign(
  jobId: string,
  technicianId: string,
  startMs: number | null,
  how: How = {},
): Promise<boolean> {
  if (technicianId in board.value.materials && standsInTheWay()) return false;
  if (diversion.value) return diversion.value.assign(jobId, technicianId, startMs);
  const job = board.value.jobs[jobId];
  if (!job) return false;
  // What is dropped on a material's row takes it along.
  if (board.value.materials[technicianId]) return book(job, technicianId);
  const before = job.status === 'unassigned' ? null : job.visit;
  const name = board.value.technicians[technicianId]?.name ?? '';
  const { undoable = true, overrides = [], pinned, along = false } = how;
  const answer = await carryOut(
    job,
    { technician_id: technicianId, startMs },
    () =>
      api.assign({
        job_id: jobId,
        technician_id: technicianId,
        ...(how.assistants ? { assistants: how.assistants } : {}),
        ...(how.materials ? { materials: how.materials } : {}),
        ...(startMs !== null ? { start: rfc3339(startMs) } : how.first ? {} : { append_to: board.value.date }),
        ...(overrides.length ? { override: overrides } : {}),
        ...(pinned === undefined ? {} : { pinned }),
        ...whither(how.breaking),
        ...(along ? { with_waiting: true } : {}),
        version: job.version,
      }),
    {
      insist: (rule) => void assign(jobId, technicianId, startMs, { ...how, overrides: [...overrides, rule] }),
      break: (breaking) => void assign(jobId, technicianId, startMs, { ...how, breaking }),
      along: () => void assign(jobId, technicianId, startMs, { ...how, along: true }),
      again: {
        before: job,
        wanted: { technicianId, startMs },
        run: () => void assign(jobId, technicianId, startMs, how),
      },
      ...(startMs === null || how.assistants || how.materials
        ? {}
        : { elsewhere: () => void assign(jobId, technicianId, null, { ...how, first: true }) }),
    },
  );
  if (!answer) return false;
  landed.value = { jobId, technicianId };
  if (placing.value === jobId) placing.value = null;
  if (!undoable) return true;
  // Of a bundle the answer is of one job: it begins where it was put.
  const start = startMs ?? answer.visit?.start;
  const time = start ? clock(start, language(), zone.value) : '';
  const back = async (): Promise<'said'> => {
    decline([{ job_id: jobId, technician_id: technicianId }]);
    await takeBack(answer.version);
    return 'said';
  };
  const done = draftName.value ? 'drafted' : before ? 'moved' : startMs === null ? 'appended' : 'assigned';
  const said = how.said ?? t(`toast.${done}`, { time, name });
  offerUndo(said, back, answer.warnings?.[language()].join(' '));
  return true;
}

/** Takes a job back to the pool. Tells whether it was done. */
export async function unassign(jobId: string, undoable = true, breaking?: Breaking): Promise<boolean> {
  if (diversion.value) return diversion.value.unassign(jobId);
  const job = board.value.jobs[jobId];
  if (!job?.visit) return false;
  const answer = await carryOut(
    job,
    { technician_id: null, startMs: null },
    () => api.unassign(jobId, job.version, whither(breaking)),
    {
      break: (why) => void unassign(jobId, undoable, why),
      again: { before: job, wanted: null, run: () => void unassign(jobId, undoable) },
    },
  );
  if (!answer) return false;
  if (!undoable) return true;
  offerUndo(t('toast.unassigned', { title: job.title }), async () => {
    await takeBack(answer.version);
    return 'said';
  });
  return true;
}

/** Keeps a slot for a job while its customer is asked; its block comes with the event. */
export async function hold(jobId: string, technicianId: string, start: string): Promise<void> {
  try {
    await api.hold(jobId, technicianId, start);
  } catch (error) {
    say(error);
  }
}

/** Gives a held slot back; its block goes with the event. */
export async function release(holdId: string): Promise<void> {
  try {
    const { act } = await api.release(holdId);
    noteDone(t('plan.released'), act);
  } catch (error) {
    // Lapsed or used meanwhile is gone all the same.
    if (!(error instanceof Refused && error.status === 404)) return say(error);
  }
  board.value = apply(board.value, {
    seq: null,
    at: '',
    type: 'hold.gone',
    topic: 'dispatch',
    data: { hold_id: holdId },
  });
}

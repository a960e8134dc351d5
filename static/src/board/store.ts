// The live board: the snapshot, the line that keeps it true, and what a dispatcher does to it.
// A move shows as a ghost until the server's event has been applied; nothing else ever moves a bar.
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { api, Refused } from '../api/client';
import type { Job, LiveEvent } from '../api/types';
import { hearTime, house, person, serverNow, zone } from '../house';
import { openStream } from '../live/stream';
import { dismiss, toast } from '../ui/toasts';
import { language, t } from '../words';
import { clock } from '../words/format';
import { instantOf, rfc3339, wallClock } from '../words/zone';
import { apply } from './apply';
import { lastPlaces } from './places';
import { EMPTY, fromSnapshot, poolOf, routesOf, type BoardState, type PlacedJob } from './state';

export const board = shallowRef<BoardState>(EMPTY);
export const loading = ref(false);
export const failed = ref(false);
export const live = ref(false);
/** When the line was last known to be alive (this browser's ms). */
export const aliveAt = ref(0);
/** The same moment by the server's clock, ms. */
export const aliveAtServer = ref(0);

export const selectedJob = ref<string | null>(null);
export const selectedTechnician = ref<string | null>(null);
/** A pool job waiting for a click on a free slot. */
export const placing = ref<string | null>(null);

/** Where a job is going, until its event has been applied. */
export interface Pending {
  technician_id: string | null;
  startMs: number | null;
  /** Version the server answered with; 0 while it has not. */
  version: number;
}
export const pending = reactive(new Map<string, Pending>());

export const pool = computed(() => poolOf(board.value));
let lastRoutes: Record<string, PlacedJob[]> = {};
export const routes = computed(() => {
  const midnight = instantOf(board.value.date || '2000-01-01', 0, zone.value);
  const nextDay = instantOf(board.value.date || '2000-01-01', 24 * 60, zone.value);
  lastRoutes = routesOf(board.value, lastRoutes, midnight, nextDay);
  return lastRoutes;
});
export const technicians = computed(() =>
  Object.values(board.value.technicians).sort((a, b) => a.name.localeCompare(b.name, 'fr')),
);

watch(board, (state) => {
  for (const [id, move] of pending) {
    if (move.version && (state.jobs[id]?.version ?? 0) >= move.version) pending.delete(id);
  }
});

let queue: LiveEvent[] = [];
let scheduled = false;
let close: (() => void) | null = null;
let wanted = '';

/** Events of one frame are applied together: a storm costs one redraw. */
function flush(): void {
  scheduled = false;
  const events = queue;
  queue = [];
  const next = events.reduce(apply, board.value);
  if (next.behind) void load(next.date);
  else board.value = next;
}

function receive(event: LiveEvent): void {
  hearTime(event.at);
  queue.push(event);
  if (scheduled) return;
  scheduled = true;
  // A hidden tab gets no animation frames, and must not fall behind for it.
  if (document.hidden) setTimeout(flush, 200);
  else requestAnimationFrame(flush);
}

function heard(): void {
  aliveAt.value = Date.now();
  aliveAtServer.value = serverNow();
}

function listen(): void {
  close?.();
  close = openStream({
    topics: ['dispatch', 'conversations'],
    position: () => board.value.seq,
    onEvent: receive,
    onAlive: heard,
    onState: (up) => (live.value = up),
    onRefused: () => (person.value = null),
  });
}

/** Loads the day and follows it from the position it stands for. */
export async function load(date: string): Promise<void> {
  wanted = date;
  loading.value = board.value.date !== date;
  try {
    const answer = await api.board(date);
    if (wanted !== date) return;
    queue = [];
    if (answer.now) hearTime(answer.now);
    if (board.value.date !== date) lastPlaces.clear();
    board.value = { ...fromSnapshot(answer), messages: board.value.messages };
    failed.value = false;
    heard();
    listen();
  } catch (error) {
    if (wanted !== date) return;
    if (error instanceof Refused && error.status === 401) person.value = null;
    failed.value = true;
    // What is shown stays, marked stale; the snapshot is asked for again until it comes or another day is wanted.
    if (board.value.date === date) setTimeout(() => wanted === date && failed.value && void load(date), 4_000);
  } finally {
    if (wanted === date) loading.value = false;
  }
}

export const today = (): string => wallClock(serverNow(), zone.value).date;

/** Tries the line again at once. */
export function reconnect(): void {
  listen();
}

export function stop(): void {
  close?.();
  close = null;
  live.value = false;
}

export function select(job: string | null, technician: string | null = null): void {
  selectedJob.value = job;
  selectedTechnician.value = technician;
  placing.value = job && board.value.jobs[job]?.status === 'unassigned' ? job : null;
}

/** Rules that a dispatcher may override, by the refusal that names them; what was overridden is recorded. */
const OVERRIDABLE: Record<string, string> = {
  'board.technician_lacks_skill': 'skill',
  'board.outside_shift': 'shift',
  'board.technician_away': 'absence',
};

function say(error: unknown, insist?: (rule: string) => void): void {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) person.value = null;
  const text = error.status === 0 ? t('toast.unreachable') : t('toast.refused', { why: error.message });
  const rule = OVERRIDABLE[error.code];
  const id = toast(text, {
    tone: 'refusal',
    lifeMs: 9_000,
    ...(rule && insist
      ? {
          insist: {
            words: t('toast.insist'),
            run: () => {
              dismiss(id);
              insist(rule);
            },
          },
        }
      : {}),
  });
  // A conflict carries what is true now: show that, not what we believed.
  const current = error.current as Job | null;
  if (error.status === 409 && current?.id) put(current);
}

/** Shows a job that an answer carried, when the line that should bring it is down. */
function put(job: Job): void {
  board.value = apply(board.value, { seq: null, at: '', type: 'job.updated', topic: 'dispatch', data: { job } });
}

async function carryOut(
  job: Job,
  ghost: Omit<Pending, 'version'>,
  ask: () => Promise<Job>,
  insist?: (rule: string) => void,
): Promise<Job | null> {
  pending.set(job.id, { ...ghost, version: 0 });
  try {
    const answer = await ask();
    if ((board.value.jobs[job.id]?.version ?? 0) >= answer.version) pending.delete(job.id);
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
    say(error, insist);
    return null;
  }
}

/**
 * Puts a job on a technician's route; without `startMs` at its end. With `undoable`, offers the way back. `overrides`
 * are rules the dispatcher insists against.
 */
export async function assign(
  jobId: string,
  technicianId: string,
  startMs: number | null,
  undoable = true,
  overrides: string[] = [],
): Promise<void> {
  const job = board.value.jobs[jobId];
  if (!job) return;
  const before = job.status === 'unassigned' ? null : job.visit;
  const name = board.value.technicians[technicianId]?.name ?? '';
  const answer = await carryOut(
    job,
    { technician_id: technicianId, startMs },
    () =>
      api.assign({
        job_id: jobId,
        technician_id: technicianId,
        ...(startMs === null ? {} : { start: rfc3339(startMs) }),
        ...(overrides.length ? { override: overrides } : {}),
        version: job.version,
      }),
    (rule) => void assign(jobId, technicianId, startMs, undoable, [...overrides, rule]),
  );
  if (!answer) return;
  if (placing.value === jobId) placing.value = null;
  if (!undoable) return;
  const start = answer.visit?.start ?? startMs;
  const time = start === null || start === undefined ? '' : clock(start, language(), zone.value);
  offerUndo(t(before ? 'toast.moved' : startMs === null ? 'toast.appended' : 'toast.assigned', { time, name }), () =>
    before ? assign(jobId, before.technician_id, Date.parse(before.start), false) : unassign(jobId, false),
  );
}

/** Takes a job back to the pool. */
export async function unassign(jobId: string, undoable = true): Promise<void> {
  const job = board.value.jobs[jobId];
  if (!job?.visit) return;
  const before = job.visit;
  const answer = await carryOut(job, { technician_id: null, startMs: null }, () => api.unassign(jobId, job.version));
  if (!answer || !undoable) return;
  offerUndo(t('toast.unassigned', { title: job.title }), () =>
    assign(jobId, before.technician_id, Date.parse(before.start), false),
  );
}

/** Gives a held slot back; its block goes with the event. */
export async function release(holdId: string): Promise<void> {
  try {
    await api.release(holdId);
    toast(t('plan.released'));
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

let lastUndo: { id: number; run: () => void } | null = null;

function offerUndo(text: string, back: () => Promise<void>): void {
  const run = (): void => {
    lastUndo = null;
    dismiss(id);
    void back().then(() => toast(t('toast.undone'), { lifeMs: 2_500 }));
  };
  const lifeMs = (house.value?.undo_seconds ?? 10) * 1000;
  const id = toast(text, { undo: run, lifeMs });
  lastUndo = { id, run };
  setTimeout(() => {
    if (lastUndo?.id === id) lastUndo = null;
  }, lifeMs);
}

/** Ctrl-Z: the last move, while its texts still wait. */
export function undoLast(): void {
  lastUndo?.run();
}

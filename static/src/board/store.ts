// The live board: the snapshot, the line that keeps it true, and what a dispatcher does to it.
// A move shows as a ghost until the server's event has been applied; nothing else ever moves a bar.
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { api, Refused } from '../api/client';
import type { Assigned, Job, LiveEvent } from '../api/types';
import { hearTime, person, serverNow, zone } from '../house';
import { passOn } from '../live/heard';
import { openStream } from '../live/stream';
import { dismiss, toast } from '../ui/toasts';
import { takeBack } from '../undo/back';
import { language, t } from '../words';
import { clock } from '../words/format';
import { instantOf, rfc3339, wallClock } from '../words/zone';
import { apply } from './apply';
import { diversion } from './imagining';
import { withDeclined, type Declined, type Pair } from './declined';
import { lastPlaces } from './places';
import { EMPTY, fromSnapshot, poolOf, routesOf, type BoardState, type PlacedJob } from './state';
import { offerUndo } from './undo';

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

/** Where a job has just been put by this screen, for the timeline to show. */
export const landed = shallowRef<{ jobId: string; technicianId: string } | null>(null);

/** What was said no to here. */
export const declined = shallowRef<Declined>(new Map());
export function decline(pairs: readonly Pair[]): void {
  declined.value = withDeclined(declined.value, pairs, serverNow());
}

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
  passOn(event);
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
    const picked = selectedJob.value ? board.value.jobs[selectedJob.value] : undefined;
    board.value = { ...fromSnapshot(answer), messages: board.value.messages };
    failed.value = false;
    letGo(picked);
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

/** What is not on the day that came can no longer be picked. */
function letGo(picked: Job | undefined): void {
  if (!selectedJob.value || board.value.jobs[selectedJob.value]) return;
  const waited = placing.value !== null;
  select(null);
  if (waited && picked) toast(t('toast.putDown', { title: picked.customer_name || picked.title }));
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

/** Other ways on from a refused move. */
interface Ways {
  /** Against this rule. */
  insist: (rule: string) => void;
  /** Where the technician's time is taken: at another hour. */
  elsewhere?: () => void;
}

function wayOn(error: Refused, ways?: Ways): { words: string; run: () => void } | null {
  const rule = OVERRIDABLE[error.code];
  if (rule && ways) return { words: t('toast.insist'), run: () => ways.insist(rule) };
  if (error.code === 'board.overlap' && ways?.elsewhere) return { words: t('toast.elsewhere'), run: ways.elsewhere };
  return null;
}

function say(error: unknown, ways?: Ways): void {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) person.value = null;
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

/** Shows a job that an answer carried, when the line that should bring it is down. */
function put(job: Job): void {
  board.value = apply(board.value, { seq: null, at: '', type: 'job.updated', topic: 'dispatch', data: { job } });
}

async function carryOut(
  job: Job,
  ghost: Omit<Pending, 'version'>,
  ask: () => Promise<Assigned>,
  ways?: Ways,
): Promise<Assigned | null> {
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
    say(error, ways);
    return null;
  }
}

/** How a job is put somewhere. */
interface How {
  /** Offers the way back; so it does where nothing is said. */
  undoable?: boolean;
  /** Rules that the dispatcher insists against. */
  overrides?: string[];
  /** False for a visit that no person had fixed; the server pins what is put by hand. */
  pinned?: boolean;
}

/** Puts a job on a technician's route; without `startMs` where it first fits. Tells whether it was done. */
export async function assign(
  jobId: string,
  technicianId: string,
  startMs: number | null,
  how: How = {},
): Promise<boolean> {
  if (diversion.value) return diversion.value.assign(jobId, technicianId, startMs);
  const job = board.value.jobs[jobId];
  if (!job) return false;
  const before = job.status === 'unassigned' ? null : job.visit;
  const name = board.value.technicians[technicianId]?.name ?? '';
  const { undoable = true, overrides = [], pinned } = how;
  const answer = await carryOut(
    job,
    { technician_id: technicianId, startMs },
    () =>
      api.assign({
        job_id: jobId,
        technician_id: technicianId,
        ...(startMs === null ? {} : { start: rfc3339(startMs) }),
        ...(overrides.length ? { override: overrides } : {}),
        ...(pinned === undefined ? {} : { pinned }),
        version: job.version,
      }),
    {
      insist: (rule) => void assign(jobId, technicianId, startMs, { ...how, overrides: [...overrides, rule] }),
      ...(startMs === null ? {} : { elsewhere: () => void assign(jobId, technicianId, null, how) }),
    },
  );
  if (!answer) return false;
  if (placing.value === jobId) placing.value = null;
  landed.value = { jobId, technicianId };
  if (!undoable) return true;
  const start = answer.visit?.start ?? startMs;
  const time = start === null || start === undefined ? '' : clock(start, language(), zone.value);
  const back = async (): Promise<'said'> => {
    decline([{ job_id: jobId, technician_id: technicianId }]);
    await takeBack(answer.version);
    return 'said';
  };
  const said = t(before ? 'toast.moved' : startMs === null ? 'toast.appended' : 'toast.assigned', { time, name });
  offerUndo(said, back, answer.warnings?.[language()].join(' '));
  return true;
}

/** Takes a job back to the pool. Tells whether it was done. */
export async function unassign(jobId: string, undoable = true): Promise<boolean> {
  if (diversion.value) return diversion.value.unassign(jobId);
  const job = board.value.jobs[jobId];
  if (!job?.visit) return false;
  const answer = await carryOut(job, { technician_id: null, startMs: null }, () => api.unassign(jobId, job.version));
  if (!answer) return false;
  if (!undoable) return true;
  offerUndo(t('toast.unassigned', { title: job.title }), async () => {
    await takeBack(answer.version);
    return 'said';
  });
  return true;
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

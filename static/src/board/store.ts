// The live board: the snapshot, the line that keeps it true, what is selected and what is on its way. Who moves something does so
// through moves.ts; nothing but an applied event ever moves a bar.
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { Refused } from '../api/client';
import type { Job, LiveEvent } from '../api/types';
import { hearTime, nowMs, person, serverNow, zone } from '../house';
import { asRow, choice, rowsOf } from '../materials/rows';
import { passOn } from '../live/heard';
import { openStream } from '../live/stream';
import { toast } from '../ui/toasts';
import { t } from '../words';
import { addDays, instantOf, wallClock } from '../words/zone';
import { boardOf } from './ahead';
import { apply } from './apply';
import { withDeclined, type Declined, type Pair } from './declined';
import { lastPlaces } from './places';
import { shownIds } from './presets';
import { refresher, touched } from './refresh';
import { selectOnly } from './selection';
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
/** Rises with every job or technician that a hand picks out, the same again too. */
export const looks = ref(0);
const inPool = (id: string | null): string | null => (id && board.value.jobs[id]?.status === 'unassigned' ? id : null);
const wantedSlot = ref<string | null>(null);
/** A pool job waiting for a click on a free slot; nothing any more once it was placed, by whomever. */
export const placing = computed({
  get: () => inPool(wantedSlot.value),
  set: (id) => (wantedSlot.value = inPool(id)),
});
export const placingJob = computed(() => (placing.value ? board.value.jobs[placing.value] : undefined));
/** In the words of the list. */
export const placingTitle = computed(() => placingJob.value?.customer_name || placingJob.value?.title || '');

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

export const pool = computed(() => poolOf(board.value, nowMs.value));
let lastRoutes: Record<string, PlacedJob[]> = {};
export const routes = computed(() => {
  const midnight = instantOf(board.value.date || '2000-01-01', 0, zone.value);
  const end = instantOf(addDays(board.value.date || '2000-01-01', board.value.days), 0, zone.value);
  lastRoutes = routesOf(board.value, lastRoutes, midnight, end);
  return lastRoutes;
});
export const technicians = computed(() =>
  Object.values(board.value.technicians).sort((a, b) => a.name.localeCompare(b.name, 'fr')),
);

/** The rows that are shown: all technicians or those of a group, and materials where that was chosen. */
export const rows = computed(() => {
  const ids = shownIds.value;
  const people = ids ? technicians.value.filter((one) => ids.has(one.id)) : technicians.value;
  return rowsOf(people, materialRows.value, choice.value);
});
const materials = computed(() => board.value.materials);
/** A row for each material, by name. */
const materialRows = computed(() =>
  Object.values(materials.value)
    .map(asRow)
    .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
);

watch(board, (state) => {
  // It waits for no click when it comes back into the pool.
  placing.value = wantedSlot.value;
  for (const [id, move] of pending) {
    if (move.version && (state.jobs[id]?.version ?? 0) >= move.version) pending.delete(id);
  }
});

let queue: LiveEvent[] = [];
let scheduled = false;
let close: (() => void) | null = null;
/** The days that were asked for last. */
let wanted = '';
let aim: { date: string; days: number } | null = null;
/** The days that are shown, or soon will be: what a quick hand counts from. */
export const aimed = (): { date: string; days: number } =>
  aim ?? { date: board.value.date || today(), days: board.value.days };

const refresh = refresher(
  () => board.value,
  (rows) => {
    board.value = apply(board.value, { seq: null, at: '', type: 'rows.fresh', topic: 'dispatch', data: { rows } });
  },
);

/** Events of one frame are applied together: a storm costs one redraw. */
function flush(): void {
  scheduled = false;
  const events = queue;
  queue = [];
  const next = events.reduce(apply, board.value);
  // The days that were asked for since, where that was so.
  const to = aimed();
  if (next.behind) void load(to.date, to.days);
  else {
    board.value = next;
    refresh(events.flatMap(touched));
  }
}

function receive(event: LiveEvent): void {
  hearTime(event.at);
  // Who is present changes nothing of the board.
  const changesBoard = event.type !== 'presence';
  if (changesBoard) queue.push(event);
  passOn(event);
  if (!changesBoard || scheduled) return;
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

/** Loads the days from `date` on and follows them from the position they stand for. */
export async function load(date: string, days = aimed().days): Promise<void> {
  const asked = `${date}+${days}`;
  wanted = asked;
  aim = { date, days };
  const shown = (): boolean => board.value.date === date && board.value.days === days;
  loading.value = !shown();
  try {
    const answer = await boardOf(date, days);
    if (wanted !== asked) return;
    queue = [];
    if (answer.now) hearTime(answer.now);
    if (!shown()) lastPlaces.clear();
    const picked = selectedJob.value ? board.value.jobs[selectedJob.value] : undefined;
    board.value = { ...fromSnapshot(answer), messages: board.value.messages };
    failed.value = false;
    letGo(picked);
    heard();
    listen();
  } catch (error) {
    if (wanted !== asked) return;
    if (error instanceof Refused && error.status === 401) person.value = null;
    failed.value = true;
    // What is shown stays, marked stale; the snapshot is asked for again until it comes or another day is wanted.
    if (shown()) setTimeout(() => wanted === asked && failed.value && void load(date, days), 4_000);
  } finally {
    if (wanted === asked) {
      loading.value = false;
      aim = null;
    }
  }
}

/** What is not on the day that came can no longer be picked. */
function letGo(picked: Job | undefined): void {
  if (!selectedJob.value || board.value.jobs[selectedJob.value]) return;
  select(null);
  if (picked?.status === 'unassigned') toast(t('toast.putDown', { title: picked.customer_name || picked.title }));
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
  selectOnly(job);
  selectedTechnician.value = technician;
  placing.value = job;
  if (job ?? technician) looks.value += 1;
}

/** Shows a job that an answer carried, when the line that should bring it is down. */
export function put(job: Job): void {
  board.value = apply(board.value, { seq: null, at: '', type: 'job.updated', topic: 'dispatch', data: { job } });
}

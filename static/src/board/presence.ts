// Who else is at the board, and with which jobs: heard as passing words, told as one. Nothing is kept; who falls silent is gone
// after some seconds.
import { computed, ref, shallowRef, watch, type ComputedRef, type WatchStopHandle } from 'vue';
import { call, Refused } from '../api/client';
import type { LiveEvent } from '../api/types';
import { editedJob } from '../find/editing';
import { freshKey } from '../api/key';
import { initials } from '../words/format';
import { carried } from './drag';
import { selection } from './selection';

export type Doing = 'looks' | 'drags' | 'edits';

export interface Looker {
  /** The window the person works in; somebody may have two. */
  window: string;
  name: string;
  initials: string;
  jobIds: readonly string[];
  doing: Doing;
  /** This browser's ms. */
  heardAt: number;
}

/** So often a window says that it is still there, ms. */
export const BEAT_MS = 5_000;
/** A window that was silent for so long is taken for gone, ms. */
export const SILENT_MS = 12_000;
/** A change of hands is told at once, but not more often than this, ms. */
const SETTLE_MS = 120;

const me = `w-${freshKey()
  .replace(/[^\w-]/g, '')
  .slice(0, 40)}`;
const heard = shallowRef<ReadonlyMap<string, Looker>>(new Map());
const beat = ref(0);

/** Takes a word that was heard on the line; answers true where somebody new has come. */
export function hearPresence(event: LiveEvent, now = Date.now()): boolean {
  const data = event.data as { window?: string; name?: string; job_ids?: string[]; doing?: Doing | 'leaves' };
  if (event.type !== 'presence' || !data.window || data.window === me) return false;
  const next = new Map(heard.value);
  const isNew = !next.has(data.window) && data.doing !== 'leaves';
  if (data.doing === 'leaves') next.delete(data.window);
  else {
    const name = data.name ?? '';
    next.set(data.window, {
      window: data.window,
      name,
      initials: initials(name.split('@')[0] ?? ''),
      jobIds: data.job_ids ?? [],
      doing: data.doing ?? 'looks',
      heardAt: now,
    });
  }
  heard.value = next;
  return isNew;
}

/** Forgets who was silent for too long. */
export function forgetSilent(now = Date.now()): void {
  const kept = [...heard.value].filter(([, one]) => now - one.heardAt < SILENT_MS);
  if (kept.length !== heard.value.size) heard.value = new Map(kept);
}

export const present: ComputedRef<Looker[]> = computed(() =>
  [...heard.value.values()].sort((a, b) => a.name.localeCompare(b.name) || a.window.localeCompare(b.window)),
);

const byJob = computed(() => {
  const by = new Map<string, Looker[]>();
  for (const one of present.value) {
    for (const id of one.jobIds) by.set(id, [...(by.get(id) ?? []), one]);
  }
  return by;
});
const NOBODY: Looker[] = [];
/** Who else has this job in hand or before their eyes. */
export const lookers = (jobId: string): Looker[] => byJob.value.get(jobId) ?? NOBODY;

const mine = computed((): { job_ids: string[]; doing: Doing } => {
  if (carried.job) return { job_ids: [carried.job.id], doing: 'drags' };
  if (editedJob.value) return { job_ids: [editedJob.value.id], doing: 'edits' };
  return { job_ids: [...selection.value].slice(0, 50), doing: 'looks' };
});

function tell(body: { job_ids?: readonly string[]; doing: string }): void {
  if (document.hidden && body.doing !== 'leaves') return;
  call('POST', '/dispatch/presence', { window: me, ...body }).catch((error: unknown) => {
    // Whoever cannot be told now is told with the next beat.
    if (!(error instanceof Refused)) throw error;
  });
}

let timer: ReturnType<typeof setTimeout> | undefined;
/** Says soon what is in hand here. */
export function sayPresence(): void {
  clearTimeout(timer);
  timer = setTimeout(() => tell(mine.value), SETTLE_MS);
}

let beats: ReturnType<typeof setInterval> | undefined;
let unwatch: WatchStopHandle | undefined;
const leaving = (): void => tell({ doing: 'leaves' });

/** Is at the board from now on, and says so. */
export function enterBoard(): void {
  beats = setInterval(() => {
    beat.value += 1;
    forgetSilent();
    tell(mine.value);
  }, BEAT_MS);
  unwatch = watch(mine, sayPresence, { deep: true });
  window.addEventListener('pagehide', leaving);
  sayPresence();
}

export function leaveBoard(): void {
  clearInterval(beats);
  clearTimeout(timer);
  unwatch?.();
  window.removeEventListener('pagehide', leaving);
  leaving();
  heard.value = new Map();
}

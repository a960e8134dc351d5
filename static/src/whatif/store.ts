// The one day that is imagined at this desk: forked, changed by what is done to the board meanwhile, compared, and adopted
// or dropped. Nothing of it is real before adoption.
import { computed, ref, shallowRef, watch } from 'vue';
import { Refused } from '../api/client';
import { whatIfApi, type Step, type WhatIf } from '../api/whatif';
import { board } from '../board/store';
import { diversion, imagined, imaginedAway, takenOff } from '../board/imagining';
import { person } from '../house';
import { hear } from '../live/heard';
import { toast } from '../ui/toasts';
import { noteDone } from '../undo/back';
import { t } from '../words';
import { rfc3339 } from '../words/zone';

export const fork = shallowRef<WhatIf | null>(null);
export const busy = ref(false);
export const refusal = ref('');
export const changed = computed(() => (fork.value ? fork.value.changes.length + fork.value.removed.length : 0));

let stopHearing: (() => void) | null = null;
let soon: ReturnType<typeof setTimeout> | undefined;

function words(error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) person.value = null;
  return error.status === 0 ? t('toast.unreachable') : error.message;
}

function awayIn(day: WhatIf | null): Record<string, { start: string; end: string }[]> {
  const by: Record<string, { start: string; end: string }[]> = {};
  for (const one of day?.away ?? []) (by[one.technician_id] ??= []).push(one);
  return by;
}

function show(next: WhatIf | null): void {
  fork.value = next;
  const here = next?.date === board.value.date ? next : null;
  imagined.value = here?.changes ?? [];
  takenOff.value = here?.removed.map((one) => one.job_id) ?? [];
  imaginedAway.value = awayIn(here);
  diversion.value = next
    ? {
        assign: (job_id, technician_id, startMs) =>
          step({ kind: 'assign', job_id, technician_id, ...(startMs === null ? {} : { start: rfc3339(startMs) }) }),
        unassign: (job_id) => step({ kind: 'unassign', job_id }),
      }
    : null;
  if (next && !stopHearing) stopHearing = hear((event) => event.type.startsWith('job.') && lookSoon());
  if (!next) {
    stopHearing?.();
    stopHearing = null;
    clearTimeout(soon);
  }
}

/** The living day has moved on: the comparison is made anew, once for many events. */
function lookSoon(): void {
  clearTimeout(soon);
  soon = setTimeout(() => void run(() => whatIfApi.look(fork.value?.id ?? ''), true), 700);
}

async function run(ask: () => Promise<WhatIf>, quiet = false): Promise<boolean> {
  if (!quiet) busy.value = true;
  refusal.value = '';
  try {
    const next = await ask();
    if (fork.value || !quiet) show(next);
    return true;
  } catch (error) {
    const why = words(error);
    if (error instanceof Refused && error.code === 'whatif.unknown') {
      show(null);
      toast(t('whatif.gone'), { tone: 'refusal' });
    } else if (!quiet) {
      refusal.value = why;
      toast(t('toast.refused', { why }), { tone: 'refusal', lifeMs: 9_000 });
    }
    return false;
  } finally {
    if (!quiet) busy.value = false;
  }
}

export const begin = (): Promise<boolean> => run(() => whatIfApi.fork(board.value.date));
export const step = (one: Step): Promise<boolean> => run(() => whatIfApi.step(fork.value?.id ?? '', one));
export const stepBack = (): Promise<boolean> => run(() => whatIfApi.back(fork.value?.id ?? ''));

export async function adopt(): Promise<boolean> {
  if (!fork.value || busy.value) return false;
  busy.value = true;
  refusal.value = '';
  const count = changed.value;
  try {
    const { act } = await whatIfApi.adopt(fork.value.id);
    show(null);
    noteDone(t('whatif.adopted', { n: count }, count), act);
    return true;
  } catch (error) {
    refusal.value = words(error);
    if (error instanceof Refused && error.status === 409) lookSoon();
    return false;
  } finally {
    busy.value = false;
  }
}

/** Nothing of it remains, here or there. */
export async function drop(): Promise<void> {
  const id = fork.value?.id;
  show(null);
  refusal.value = '';
  try {
    if (id) await whatIfApi.drop(id);
  } catch (error) {
    // Gone already is what was wanted.
    if (!(error instanceof Refused)) throw error;
  }
}

// Another day on the board: the fork waits, and its changes are not shown there.
watch(
  () => board.value.date,
  () => fork.value && show(fork.value),
);

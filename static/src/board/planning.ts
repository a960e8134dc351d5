// Planning the day anew, as a dispatcher goes through it: choose, search, look, apply or leave. Also the planner's own
// proposals, which are looked at in the same way. It moves no bar: what was applied comes back as events.
import { computed, ref, shallowRef, watch } from 'vue';
import { api, Refused } from '../api/client';
import type { Optimised, PlannedChange, Proposal, SetAside } from '../api/types';
import { nowMs, person } from '../house';
import { toast } from '../ui/toasts';
import { t } from '../words';
import { isDeclined } from './declined';
import { diversion, imagined, standsInTheWay, takenOff } from './imagining';
import { kindOf } from './preview';
import { board, decline, declined } from './store';
import { offerUndo } from './undo';

/** Seconds of search to choose from; the first finds nearly all there is to find on a day like ours. */
export const SEARCHES_S = [2, 5, 10] as const;

export type Stage = 'choosing' | 'searching' | 'shown' | 'applying' | 'refused';

/** A plan under a dispatcher's eyes. */
export type Shown = Omit<Optimised, 'applied' | 'set_aside'> & {
  set_aside: SetAside[];
  /** The planner's proposal it is, where it is one. */
  proposal: Proposal | null;
};

/** Null while nobody plans. */
export const stage = ref<Stage | null>(null);
export const shown = shallowRef<Shown | null>(null);
export const seconds = ref<number>(SEARCHES_S[0]);
/** Share of the search that has passed, 0 to 1. */
export const progress = ref(0);
/** Why it went no further, for people. */
export const refusal = ref('');
/** The change that is pointed at in the list, by job. */
export const lit = ref<string | null>(null);

/** What the planner offers for the day on the board, unless a person here has just declined the same. */
export const offered = computed<Proposal | null>(() => {
  const proposal = diversion.value ? undefined : board.value.proposals[board.value.date];
  return proposal && !isDeclined(declined.value, proposal, nowMs.value) ? proposal : null;
});

const NOTHING: PlannedChange[] = [];
/** The changes that the timeline shows as not yet done. */
export const previewed = computed(() =>
  shown.value && shown.value.date === board.value.date ? shown.value.changes : stage.value ? NOTHING : imagined.value,
);
/** The jobs that would no longer be where they are: drawn as leaving. */
export const leavers = computed(() => new Set([...previewed.value.map((change) => change.job_id), ...takenOff.value]));

let search = 0;
let beat: ReturnType<typeof setInterval> | undefined;

function stopBeat(): void {
  clearInterval(beat);
  beat = undefined;
}

/** Refusals that a person can do something about, in words of ours. */
const WORDS: Record<string, string> = {
  'optimise.stale': 'plan.stale',
  'planner.stale': 'plan.stale',
  'optimise.overtaken': 'plan.overtaken',
  'optimise.unknown_plan': 'plan.forgotten',
  'board.overlap': 'plan.stale',
  stale_version: 'plan.stale',
};

/** What to tell of a refusal, `stale` where the day has moved on; rethrows what is none. */
function wordsOf(error: unknown, stale = 'plan.stale'): string {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) person.value = null;
  if (error.status === 0) return t('toast.unreachable');
  const key = WORDS[error.code];
  if (key) return t(key === 'plan.stale' ? stale : key);
  return error.status === 404 ? t('plan.gone') : error.message;
}

function refuse(words: string): void {
  shown.value = null;
  lit.value = null;
  refusal.value = words;
  stage.value = 'refused';
}

/** Opens the panel at its first step. */
export function choose(): void {
  if (standsInTheWay()) return;
  stopBeat();
  search += 1;
  shown.value = null;
  refusal.value = '';
  stage.value = 'choosing';
}

/** Leaves everything as it is. A search under way is no longer waited for. */
export function leave(): void {
  stopBeat();
  search += 1;
  shown.value = null;
  lit.value = null;
  refusal.value = '';
  stage.value = null;
}

/** Searches for the chosen time and shows what was found. */
export async function plan(): Promise<void> {
  stopBeat();
  search += 1;
  const mine = search;
  const began = Date.now();
  const wantedMs = seconds.value * 1000;
  shown.value = null;
  refusal.value = '';
  progress.value = 0;
  stage.value = 'searching';
  beat = setInterval(() => (progress.value = Math.min(1, (Date.now() - began) / wantedMs)), 100);
  try {
    const { applied: _applied, ...found } = await api.optimise(board.value.date, seconds.value);
    void _applied;
    if (mine !== search) return;
    shown.value = { ...found, set_aside: found.set_aside ?? [], proposal: null };
    stage.value = 'shown';
  } catch (error) {
    if (mine === search) refuse(wordsOf(error));
  } finally {
    if (mine === search) stopBeat();
  }
}

/** Shows the planner's proposal as if it had just been searched for. */
export function look(proposal: Proposal): void {
  choose();
  shown.value = { ...proposal, set_aside: [], proposal };
  stage.value = 'shown';
}

/** What a plan has done, in words that keep apart what was moved and what came from the pool. */
function doneWords(changes: PlannedChange[]): string {
  const placed = changes.filter((change) => kindOf(change) === 'placed').length;
  const moved = changes.length - placed;
  const one = t('plan.moved', { n: moved }, moved);
  const other = t('plan.placed', { n: placed }, placed);
  const what = moved && placed ? t('plan.and', { one, other }) : placed ? other : one;
  return t('plan.applied', { what });
}

/** Says what a plan has done and offers to take it back. */
function applied(plan: { id: string; date: string; changes: PlannedChange[] }): void {
  offerUndo(doneWords(plan.changes), async () => {
    decline(plan.changes);
    try {
      await api.undoPlan(plan.date, plan.id);
      return true;
    } catch (error) {
      toast(wordsOf(error, 'plan.notUndone'), { tone: 'refusal', lifeMs: 9_000 });
      return false;
    }
  });
}

/** Does what is shown, and nothing else. */
export async function carryOut(): Promise<void> {
  const what = shown.value;
  if (!what || stage.value !== 'shown') return;
  const mine = search;
  stage.value = 'applying';
  try {
    if (what.proposal) await api.acceptProposal(what.id);
    else await api.applyPlan(what.date, what.id);
    applied(what);
    if (mine === search) leave();
  } catch (error) {
    const words = wordsOf(error);
    if (what.proposal) forget(what.id);
    if (mine === search) refuse(words);
    else toast(words, { tone: 'refusal', lifeMs: 9_000 });
  }
}

/** A proposal that the server no longer knows is not offered again, should the line that says so be down. */
function forget(proposalId: string): void {
  const left = Object.entries(board.value.proposals).filter(([, one]) => one.id !== proposalId);
  board.value = { ...board.value, proposals: Object.fromEntries(left) };
}

/** Accepts without looking. */
export async function accept(proposal: Proposal): Promise<void> {
  try {
    await api.acceptProposal(proposal.id);
    applied(proposal);
  } catch (error) {
    toast(wordsOf(error), { tone: 'refusal', lifeMs: 9_000 });
    if (error instanceof Refused && error.status === 0) return;
  }
  forget(proposal.id);
}

/** Puts a proposal away, for everybody. */
export async function dismissProposal(proposal: Proposal): Promise<void> {
  if (shown.value?.id === proposal.id) leave();
  decline(proposal.changes);
  try {
    await api.dismissProposal(proposal.id);
  } catch (error) {
    const words = wordsOf(error);
    // Gone already is what was wanted.
    if (error instanceof Refused && error.status !== 404) {
      toast(words, { tone: 'refusal' });
      return;
    }
  }
  forget(proposal.id);
}

// Another day on the board, or somebody who left it: what was being looked at is over.
watch(
  () => board.value.date,
  () => stage.value && leave(),
  { flush: 'sync' },
);
// The proposal under our eyes has been taken away by somebody else, or by the day.
watch(
  () => board.value.proposals,
  (proposals) => {
    const mine = shown.value?.proposal;
    if (mine && stage.value === 'shown' && proposals[mine.date]?.id !== mine.id) refuse(t('plan.gone'));
  },
  { flush: 'sync' },
);

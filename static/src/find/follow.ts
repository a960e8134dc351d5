// The board's side of the palette: goes to the day, the job or the technician that was chosen elsewhere.
import { nextTick, onMounted, watch } from 'vue';
import { desk } from '../api/desk';
import { sentence } from '../api/sentence';
import { apply } from '../board/apply';
import { board, load, select, today } from '../board/store';
import { takePreset } from '../board/span';
import { openTool } from '../board/tools';
import { toast } from '../ui/toasts';
import { wish, type Wish } from './desk';

/** What the board's view lends. */
export interface Hands {
  assign: (jobId: string) => void;
  /** Brings the job into view: its visit, or its place in the pool. */
  reveal: (jobId: string) => void;
}

async function showJob(to: Extract<Wish, { show: 'job' }>, hands: Hands): Promise<void> {
  await load(to.day);
  if (!board.value.jobs[to.id]) {
    // Not of this day (called off, or done elsewhere): it is shown all the same.
    try {
      const job = await desk.job(to.id);
      board.value = apply(board.value, { seq: null, at: '', type: 'job.updated', topic: 'dispatch', data: { job } });
    } catch (error) {
      toast(sentence(error), { tone: 'refusal' });
      return;
    }
  }
  select(to.id);
  await nextTick();
  hands.reveal(to.id);
  if (to.assign) hands.assign(to.id);
}

async function showTechnician(id: string): Promise<void> {
  if (!board.value.technicians[id]) await load(today());
  select(null, id);
  await nextTick();
  const name = document.querySelector<HTMLElement>(`[data-technician="${CSS.escape(id)}"]`);
  name?.scrollIntoView({ block: 'center', inline: 'nearest' });
  name?.focus({ preventScroll: true });
}

/** To be called after the view's own `onMounted`, so that the day asked for is the last one loaded. */
export function followWishes(hands: Hands): void {
  const carryOut = (): void => {
    const next = wish.value;
    if (!next) return;
    wish.value = null;
    if (next.show === 'job') void showJob(next, hands);
    else if (next.show === 'technician') void showTechnician(next.id);
    else if (next.show === 'day') void load(next.day);
    else if (next.show === 'preset') takePreset(next.id);
    else openTool(next.id);
  };
  onMounted(carryOut);
  watch(wish, carryOut);
}

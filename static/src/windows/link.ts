// Windows of one browser that belong together: the board, and its map or its record in a window of their own. They agree on the
// day that is shown and on what is selected. Nothing leaves the browser; every window hears the server by itself.
import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';
import { board, load, select, selectedJob, selectedTechnician } from '../board/store';

/** What may stand in a window of its own. */
export type Part = 'map' | 'record';
export const isPart = (word: string): word is Part => word === 'map' || word === 'record';

type Word =
  | { says: 'here'; part: Part }
  | { says: 'gone'; part: Part }
  | { says: 'who' }
  | { says: 'shows'; date: string; days: number; job: string | null; technician: string | null };

/** So often a window says that it is still open, ms; silent for three times as long, it is taken for closed. */
const BEAT_MS = 2_000;

const heardAt = shallowRef<ReadonlyMap<Part, number>>(new Map());
/** The parts that stand in another window now. */
export const apart = computed<ReadonlySet<Part>>(() => new Set(heardAt.value.keys()));

/** Opens a part in its own window, or brings that window to the front. */
export function open(part: Part): void {
  window.open(`${location.pathname}#/window/${part}`, `tournee-${part}`, 'popup,width=720,height=860');
}

function hear(part: Part, at: number | null): void {
  const next = new Map(heardAt.value);
  if (at === null) next.delete(part);
  else next.set(part, at);
  if (at === null || !heardAt.value.has(part)) heardAt.value = next;
  else (heardAt.value as Map<Part, number>).set(part, at);
}

/** To be called in the set-up of the board (`part` null) or of a part's own window. */
export function useLink(part: Part | null): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const line = new BroadcastChannel('tournee-windows');
  const say = (word: Word): void => line.postMessage(word);
  const shows = (): Word => ({
    says: 'shows',
    date: board.value.date,
    days: board.value.days,
    job: selectedJob.value,
    technician: selectedTechnician.value,
  });
  /** What another window just told: not to be told back. */
  let told = '';

  async function follow(word: Extract<Word, { says: 'shows' }>): Promise<void> {
    told = JSON.stringify(word);
    if (part && word.date && (word.date !== board.value.date || word.days !== board.value.days))
      await load(word.date, word.days);
    if (word.job !== selectedJob.value || word.technician !== selectedTechnician.value)
      select(word.job, word.technician);
  }

  line.onmessage = ({ data: word }: MessageEvent<Word>) => {
    if (word.says === 'shows') void follow(word);
    else if (word.says === 'here' && !part) hear(word.part, Date.now());
    else if (word.says === 'gone' && !part) hear(word.part, null);
    else if (word.says === 'who' && part) say({ says: 'here', part });
    if (word.says === 'here' && !part && board.value.date) say(shows());
  };

  const unwatch = watch([selectedJob, selectedTechnician, () => board.value.date, () => board.value.days], () => {
    const word = shows();
    if (board.value.date && JSON.stringify(word) !== told) say(word);
  });
  const leave = (): void => {
    if (part) say({ says: 'gone', part });
  };
  let beat: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    if (part) say({ says: 'here', part });
    else say({ says: 'who' });
    window.addEventListener('pagehide', leave);
    beat = setInterval(() => {
      if (part) return say({ says: 'here', part });
      for (const [other, at] of heardAt.value) if (Date.now() - at > 3 * BEAT_MS) hear(other, null);
    }, BEAT_MS);
  });
  onBeforeUnmount(() => {
    unwatch();
    clearInterval(beat);
    window.removeEventListener('pagehide', leave);
    leave();
    line.close();
    if (!part) heardAt.value = new Map();
  });
}

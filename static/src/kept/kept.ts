// A list of small things that the office keeps (skills, materials): fetched when its page opens, heard of while the page is
// open, changed by one call after another. What one of them is, and how it looks, is its page's own.
import { onBeforeUnmount, onMounted, reactive, ref, shallowRef, watch } from 'vue';
import type { Acted, Refused } from '../api/client';
import { sentence } from '../api/sentence';
import { live } from '../board/store';
import { hear } from '../live/heard';
import { changes, noteDone } from '../undo/back';
import { toast } from '../ui/toasts';

export interface Source<T> {
  all: () => Promise<{ items: T[] }>;
  /** How the events begin after which the list is another one: `tag.` */
  told: string;
  /** What somebody is told who was slower than `who`. */
  stale: (who: string) => string;
}

export interface Kept<T> {
  readonly items: readonly T[];
  /** True once the list was there. */
  readonly loaded: boolean;
  /** Why the list cannot be shown; empty where it can. */
  readonly refusal: string;
  /** What is wrong with the one that is being made. */
  wrong: string;
  load: () => Promise<void>;
  /** Makes a new one, says so, and offers the way back; a refusal is said beside its fields. True where it was made. */
  make: (create: () => Promise<Acted<unknown>>, words: string) => Promise<boolean>;
  /** Changes one, says so, and offers the way back; a refusal is said at the edge of the screen. */
  change: (edit: () => Promise<Acted<unknown>>, words: string) => Promise<void>;
  /** Deletes one, says so, and offers the way back. */
  remove: (gone: () => Promise<Acted<void>>, words: string) => Promise<void>;
}

/** Follows a list for as long as the component stands that calls it. */
export function useKept<T>(source: Source<T>): Kept<T> {
  const items = shallowRef<readonly T[]>([]);
  const loaded = ref(false);
  const refusal = ref('');
  const wrong = ref('');

  async function load(): Promise<void> {
    try {
      items.value = (await source.all()).items;
      refusal.value = '';
      loaded.value = true;
    } catch (error) {
      refusal.value = sentence(error);
    }
  }

  onMounted(load);
  onBeforeUnmount(hear((event) => void (event.type.startsWith(source.told) && load())));
  // What happened while the line was down is not told again.
  watch(live, (up, was) => void (up && was === false && load()));
  watch(changes, load);

  async function make(create: () => Promise<Acted<unknown>>, words: string): Promise<boolean> {
    wrong.value = '';
    let act = 0;
    try {
      ({ act } = await create());
    } catch (error) {
      wrong.value = sentence(error);
      return false;
    }
    await load();
    noteDone(words, act);
    return true;
  }

  async function change(edit: () => Promise<Acted<unknown>>, words: string): Promise<void> {
    let act = 0;
    try {
      ({ act } = await edit());
    } catch (error) {
      const why = sentence(error);
      const { code, changed_by, changed_by_name } = (error as Refused).problem;
      const text = code === 'stale_version' ? source.stale(changed_by_name ?? changed_by ?? '') : why;
      toast(text, { tone: 'refusal', lifeMs: 9_000 });
      return load();
    }
    await load();
    noteDone(words, act);
  }

  return reactive({ items, loaded, refusal, wrong, load, make, change, remove: change }) as Kept<T>;
}

// Parts of a page that are fetched when they are first wanted. One that does not come is asked for again until it does; meanwhile
// its place says so. No domain word here.
import { defineAsyncComponent, ref, type Component } from 'vue';
import Fetching from './Fetching.vue';

/** How many parts were asked for in vain at least once, and have not come yet. */
export const inVain = ref(0);

/** Between two tries, ms. */
const AGAIN_MS = 2_000;
/** A part that comes sooner is awaited without a word, ms. */
const PATIENCE_MS = 250;

/** `quiet` for what has no place of its own on the page, such as a dialog. */
export function lazily<T extends Component>(fetchPart: () => Promise<{ default: T }>, quiet = false): T {
  let late = false;
  return defineAsyncComponent({
    loader: async () => {
      const part = await fetchPart();
      if (late) inVain.value -= 1;
      late = false;
      return part;
    },
    ...(quiet ? {} : { loadingComponent: Fetching }),
    delay: PATIENCE_MS,
    onError: (_, again) => {
      if (!late) inVain.value += 1;
      late = true;
      setTimeout(again, AGAIN_MS);
    },
  }) as unknown as T;
}

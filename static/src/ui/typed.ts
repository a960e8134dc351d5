// What a field shows on a page that others change: what is known, but while somebody types, what they typed. It knows no subject.
import { ref, watch, type Ref } from 'vue';

export interface Typed<T> {
  /** For `v-model`. */
  shown: Ref<T>;
  /** For `@focus`. */
  hold: () => void;
  /** Once it was given and taken: it stays until what is known changes. */
  given: () => void;
  /** Nothing was given, or it was refused: shows what is known again. */
  letGo: () => void;
}

export function typed<T>(known: () => T): Typed<T> {
  const shown = ref(known()) as Ref<T>;
  let held = false;
  watch(known, (now) => {
    if (!held) shown.value = now;
  });
  return {
    shown,
    hold: () => (held = true),
    given: () => (held = false),
    letGo: () => {
      held = false;
      shown.value = known();
    },
  };
}

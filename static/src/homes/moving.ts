// Home bases on the board's map: whether all of them are shown, and whose is being moved and where to. State alone: the map
// draws it, Mover.vue saves it.
import { ref, shallowRef } from 'vue';
import type { Point } from '../map/shapes';

const SHOWN = 'tournee.homes';
/** Whether the map shows everybody's; kept in this browser. */
export const homesShown = ref(localStorage.getItem(SHOWN) === 'on');
export function showHomes(shown: boolean): void {
  homesShown.value = shown;
  localStorage.setItem(SHOWN, shown ? 'on' : 'off');
}

/** A home base in hand. */
export interface Moving {
  /** Of the technician. */
  id: string;
  /** Where it would be; null while nobody said. */
  to: Point | null;
}
export const moving = shallowRef<Moving | null>(null);

export function beginMove(id: string): void {
  moving.value = { id, to: null };
}
/** Where it would be, as far as it is known; nothing where none is in hand. */
export function putHome(to: Point | null): void {
  const one = moving.value;
  if (one && one.to?.join() !== to?.join()) moving.value = { ...one, to };
}
export function endMove(): void {
  moving.value = null;
}

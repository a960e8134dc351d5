// The context menu: where it stands and what it is about. It is opened by the right button, the Menu key or Shift-F10.
import { shallowRef } from 'vue';
import type { Spot } from './acts';

export interface OpenMenu {
  spot: Spot;
  /** A point of the window, px. */
  at: { x: number; y: number };
}

export const contextMenu = shallowRef<OpenMenu | null>(null);

/** True for the keys that ask for a menu. */
export const asksForMenu = (event: KeyboardEvent): boolean =>
  event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);

/** Below the element that has the focus. */
export function under(element: Element): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  return { x: box.left + Math.min(24, box.width / 2), y: box.bottom };
}

// Who else listens to the board's one line: capabilities with a state of their own hear every event here, in order, after
// it was queued for the board. Nobody opens a second line for it.
import type { LiveEvent } from '../api/types';

type Listener = (event: LiveEvent) => void;
const listeners = new Set<Listener>();

/** Hears every event from now on; answers how to stop. */
export function hear(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function passOn(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

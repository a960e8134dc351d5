// What a hand is drawing of an absence, for the row to show; none at rest. Holds nothing else: the deed is in draw.ts, fetched when
// somebody draws.
import { shallowRef } from 'vue';

export interface Drawn {
  technicianId: string;
  startMs: number;
  endMs: number;
  /** The absence whose edge is held; none for a new one. */
  id?: string;
}

export const drawing = shallowRef<Drawn | null>(null);

// What the server says of undo and redo. Speaks HTTP through `call` alone.
import { call } from '../api/client';
import type { Job, OutboxItem } from '../api/types';

/** A sentence in both languages. */
export interface Words {
  fr: string;
  en: string;
}

/** One thing that this person did. */
export interface Act {
  act: number;
  at: string;
  what: Words;
  /** Who stands in the way, when and by what, or why there never is a way back; null where it can be undone. */
  blocked: { by: string; by_name: string; by_words: Words; at: string; what: Words } | { never: Words } | null;
}

export interface History {
  undo: Act[];
  redo: Act[];
  undo_seconds: number;
}

export interface Done {
  act: number;
  what: Words;
  /** True where texts had left and what contradicts them was drafted: it waits for an approval. */
  late: boolean;
  /** Why a slot that was held before could not be held again. */
  hold_lost?: Words | null;
  job_ids: Job['id'][];
}

export const undoApi = {
  history: () => call<History>('GET', '/dispatch/undo'),
  /** The newest act where `act`, a position of it, is left out. */
  undo: (act?: number) => call<Done>('POST', '/dispatch/undo', act === undefined ? {} : { act }),
  /** What was taken back last where `act` is left out. */
  redo: (act?: number) => call<Done>('POST', '/dispatch/redo', act === undefined ? {} : { act }),
  drafted: () => call<{ items: OutboxItem[] }>('GET', '/outbox?state=drafted&limit=100'),
  approve: (id: string) => call<OutboxItem>('POST', `/outbox/${encodeURIComponent(id)}/approve`, {}),
  discard: (id: string) => call<OutboxItem>('POST', `/outbox/${encodeURIComponent(id)}/recall`, {}),
};

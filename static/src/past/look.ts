// Looking back: fetches the board of an earlier moment and shows it in place of the live one; and the way back to now.
import { shallowRef } from 'vue';
import { call } from '../api/client';
import type { BoardAnswer, OutboxItem } from '../api/types';
import { fromSnapshot } from '../board/state';
import { board, load, stop, today } from '../board/store';
import { rfc3339 } from '../words/zone';
import { pastMs, standAt } from './moment';

/** Texts of that day up to the moment, newest first. */
export const texts = shallowRef<OutboxItem[]>([]);

let wanted = 0;

/** Shows the board as it was seen then. Tells whether that moment is still the one that is wanted. */
export async function lookAt(ms: number, date: string): Promise<boolean> {
  wanted = ms;
  const path = `/dispatch/board?date=${date}&at=${encodeURIComponent(rfc3339(ms))}`;
  const answer = await call<BoardAnswer & { texts: OutboxItem[] }>('GET', path);
  if (wanted !== ms) return false;
  stop();
  standAt(ms);
  texts.value = [...answer.texts].reverse();
  board.value = {
    ...fromSnapshot(answer),
    messages: Object.fromEntries(answer.texts.map((text) => [text.id, text])),
  };
  return true;
}

/** Back to the live board. */
export async function backToNow(): Promise<void> {
  wanted = 0;
  if (pastMs.value === null) return;
  standAt(null);
  texts.value = [];
  // What was told since is not known here: everything is asked for anew.
  board.value = { ...board.value, messages: {} };
  await load(today());
}

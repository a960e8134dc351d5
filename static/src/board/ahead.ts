// The board of the address, asked for while the page's words are still on their way: the answer is there when the rows are.
import { api } from '../api/client';
import type { BoardAnswer } from '../api/types';
import { isBoard, readAddress } from './address';

let asked: Promise<BoardAnswer | null> | null = null;

/** Asks for the days that the page was opened at; for today where its address names none. */
export function askAhead(route: string): void {
  if (!isBoard(route)) return;
  const { date, days } = readAddress(route);
  // `boardOf` asks again where this was refused, and meets the refusal.
  asked = api.board(date, days).catch(() => null);
}

/** The board of these days: what was asked ahead, once, where it is of them. */
export async function boardOf(date: string, days: number): Promise<BoardAnswer> {
  const early = asked;
  asked = null;
  const answer = await early;
  return answer?.date === date && (answer.days ?? 1) === days ? answer : api.board(date, days);
}

// What a person at this screen has just said no to, by dismissing a proposal or by taking a move back: the planner, which
// knows nothing of that, is not heard with the same again. Pure but for its own memory.
import type { Proposal } from '../api/types';

/** How long a no stands, ms. By then the day is another one. */
const STANDS_MS = 60 * 60_000;

export interface Pair {
  job_id: string;
  technician_id: string;
}

/** Until when (server's ms), by job and technician. */
export type Declined = ReadonlyMap<string, number>;

const key = (pair: Pair): string => `${pair.job_id} ${pair.technician_id}`;

/** The memory with these added; what has lapsed is dropped. */
export function withDeclined(declined: Declined, pairs: readonly Pair[], nowMs: number): Declined {
  const next = new Map([...declined].filter(([, until]) => until > nowMs));
  for (const pair of pairs) next.set(key(pair), nowMs + STANDS_MS);
  return next;
}

/** True when all that the proposal asks for was declined; at which minute is no difference. */
export function isDeclined(declined: Declined, proposal: Proposal, nowMs: number): boolean {
  return (
    proposal.changes.length > 0 && proposal.changes.every((change) => (declined.get(key(change)) ?? -Infinity) > nowMs)
  );
}

// Actions that wait to leave the phone: kept in its storage, sent in order, each under its own key so that the server
// takes it once. Pure but for the storage and the sender it is given.

export interface Waiting {
  /** Idempotency key. */
  key: string;
  job: string;
  status: string;
  /** When the technician pressed, ms. */
  at: number;
  /** Not before this: the time to change one's mind, ms. */
  due: number;
}

/** What became of an attempt. */
export type Outcome = { kind: 'taken' } | { kind: 'refused'; why: string } | { kind: 'unreachable' };

export interface Store {
  read: () => string | null;
  write: (value: string) => void;
}

/** A day's presses are a few dozen; more than this is a fault, and the oldest go. */
const KEPT = 200;

export function readQueue(store: Store): Waiting[] {
  try {
    const value: unknown = JSON.parse(store.read() ?? '[]');
    return Array.isArray(value) ? (value as Waiting[]) : [];
  } catch {
    return [];
  }
}

export function addTo(store: Store, waiting: Waiting): void {
  store.write(JSON.stringify([...readQueue(store), waiting].slice(-KEPT)));
}

export function removeFrom(store: Store, key: string): void {
  store.write(JSON.stringify(readQueue(store).filter((one) => one.key !== key)));
}

/** Where a job stands for its technician: the last step pressed, else what the server says. */
export function standing(queue: Waiting[], job: string, server: string): string {
  return queue.filter((one) => one.job === job).at(-1)?.status ?? server;
}

/**
 * Sends what is due, oldest first, and stops at the first that cannot leave: steps of a job must arrive in order.
 * Gives the refusals, in words.
 */
export async function flush(
  store: Store,
  now: number,
  send: (one: Waiting) => Promise<Outcome>,
): Promise<{ sent: number; refused: string[]; stuck: boolean }> {
  let sent = 0;
  const refused: string[] = [];
  for (const one of readQueue(store)) {
    if (one.due > now) break;
    const outcome = await send(one);
    if (outcome.kind === 'unreachable') return { sent, refused, stuck: true };
    removeFrom(store, one.key);
    if (outcome.kind === 'taken') sent += 1;
    else refused.push(outcome.why);
  }
  return { sent, refused, stuck: false };
}

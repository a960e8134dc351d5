// One live line to the server: reads the event stream, remembers the last position, comes back by itself.
// It never changes the board's state; it hands events to its owner, who applies them (board/apply.ts).
import type { LiveEvent } from '../api/types';
import { backOffMs, parseFrames } from './frames';

export interface StreamOptions {
  topics: string[];
  /** Journal position to continue from; asked anew at each connection. */
  position: () => number;
  onEvent: (event: LiveEvent) => void;
  /** Any byte arrived, so the line is alive. */
  onAlive: () => void;
  onState: (live: boolean) => void;
  /** The server knows us no longer. */
  onRefused: () => void;
}

/** The server says `: ping` every 25 s; a line quiet for longer than this is dead. */
const SILENCE_MS = 40_000;

/** Opens the line; the answer closes it. */
export function openStream(options: StreamOptions): () => void {
  let attempt = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  let abort: AbortController | undefined;

  const alive = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => abort?.abort(), SILENCE_MS);
    options.onAlive();
  };

  const again = (): void => {
    clearTimeout(watchdog);
    if (closed) return;
    options.onState(false);
    timer = setTimeout(connect, backOffMs(attempt, Math.random));
    attempt += 1;
  };

  const connect = async (): Promise<void> => {
    clearTimeout(timer);
    const mine = new AbortController();
    abort = mine;
    watchdog = setTimeout(() => mine.abort(), SILENCE_MS);
    try {
      const query = `topics=${options.topics.join(',')}&last_event_id=${options.position()}`;
      const answer = await fetch(`/sse?${query}`, {
        headers: { Accept: 'text/event-stream' },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: mine.signal,
      });
      if (answer.status === 401 || answer.status === 403) {
        closed = true;
        options.onState(false);
        options.onRefused();
        return;
      }
      if (!answer.ok || !answer.body) throw new Error(String(answer.status));
      attempt = 0;
      options.onState(true);
      alive();
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        alive();
        const parsed = parseFrames(rest + decoder.decode(value, { stream: true }));
        rest = parsed.rest;
        for (const frame of parsed.frames) options.onEvent(JSON.parse(frame.data) as LiveEvent);
      }
    } catch {
      // Whatever broke the line, the answer is the same: say so, wait, come back from the last position.
    }
    if (abort === mine) again();
  };

  const wake = (): void => {
    // Back from sleep or from a tunnel: do not sit out the rest of a long wait.
    if (!closed && timer && attempt > 0) {
      attempt = 0;
      void connect();
    }
  };
  window.addEventListener('online', wake);
  void connect();

  return () => {
    closed = true;
    window.removeEventListener('online', wake);
    clearTimeout(timer);
    clearTimeout(watchdog);
    abort?.abort();
  };
}

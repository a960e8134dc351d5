// The line against a fetch that we hold in our hands: what it asks for, and how it comes back.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveEvent } from '../api/types';
import { openStream } from './stream';

interface Call {
  url: string;
  say: (text: string) => void;
  end: () => void;
}

let calls: Call[] = [];
let status = 200;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  status = 200;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
    init.signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
    calls.push({
      url,
      say: (text) => controller.enqueue(new TextEncoder().encode(text)),
      end: () => controller.close(),
    });
    return Promise.resolve({ ok: status === 200, status, body });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function watch() {
  const seen: LiveEvent[] = [];
  const states: boolean[] = [];
  let seq = 7;
  let refused = 0;
  const close = openStream({
    topics: ['dispatch', 'conversations'],
    position: () => seq,
    onEvent: (event) => {
      seen.push(event);
      if (event.seq) seq = event.seq;
    },
    onAlive: () => undefined,
    onState: (up) => states.push(up),
    onRefused: () => (refused += 1),
  });
  return { seen, states, close, refused: () => refused };
}

const turn = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

test('it opens at the board’s position and comes back from the last event it saw', async () => {
  const line = watch();
  await turn();
  expect(calls[0]?.url).toBe('/sse?topics=dispatch,conversations&last_event_id=7');
  calls[0]?.say('id: 9\nevent: job.moved\ndata: {"seq":9,"type":"job.moved"}\n\n');
  await turn();
  expect(line.seen.map((e) => e.seq)).toEqual([9]);
  calls[0]?.end();
  await turn(600);
  expect(calls[1]?.url).toContain('last_event_id=9');
  expect(line.states).toEqual([true, false, true]);
  line.close();
});

test('a line that says nothing for forty seconds is taken for dead; a ping keeps it', async () => {
  const line = watch();
  await turn();
  await turn(30_000);
  calls[0]?.say(': ping\n\n');
  await turn(30_000);
  expect(calls).toHaveLength(1);
  await turn(11_000);
  expect(line.states.at(-1) === false || calls.length === 2).toBe(true);
  await turn(1_000);
  expect(calls).toHaveLength(2);
  line.close();
});

test('somebody who is signed out is sent to the door, not tried for ever', async () => {
  status = 401;
  const line = watch();
  await turn(60_000);
  expect(calls).toHaveLength(1);
  expect(line.refused()).toBe(1);
});

test('a closed line stays closed', async () => {
  const line = watch();
  await turn();
  line.close();
  await turn(60_000);
  expect(calls).toHaveLength(1);
});

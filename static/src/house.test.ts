// The page's clock: it runs from the moment the server said the time, however late the page's words come.
import { afterEach, expect, test, vi } from 'vitest';
import { enter, knock, serverNow } from './house';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the clock runs from the answer on, and not from when the page took it', async () => {
  vi.useFakeTimers();
  const now = '2026-11-23T15:00:00Z';
  const answers: Record<string, unknown> = {
    '/auth/me': { user: { id: 'bea', language: 'fr' } },
    '/ops/config': { now, company: 'Nord', language: 'fr' },
  };
  vi.stubGlobal('fetch', (path: string) => Promise.resolve(new Response(JSON.stringify(answers[path] ?? {}))));
  knock();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await enter()).toBe(true);
  expect(serverNow()).toBe(Date.parse(now) + 4_000);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveEvent } from '../api/types';
import { refresher, touched, type FreshRow } from './refresh';

const event = (type: string, data: Record<string, unknown>): LiveEvent => ({
  seq: 1,
  at: '',
  type,
  topic: 'dispatch',
  data,
});

let asked: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response(JSON.stringify({ items: [{ technician_id: 'a' }] })));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a move touches the row it left and the row it came to', () => {
  const moved = event('job.moved', { job: { visit: { technician_id: 'b' } }, from: { technician_id: 'a' } });
  expect(touched(moved).sort()).toEqual(['a', 'b']);
  expect(touched(event('job.unassigned', { job: { visit: null }, from: { technician_id: 'a' } }))).toEqual(['a']);
  expect(touched(event('technician.created', { technician: { id: 'c' } }))).toEqual(['c']);
  expect(touched(event('job.status', { job: { visit: { technician_id: 'b' } }, from: 'planned' }))).toEqual(['b']);
  expect(touched(event('tech.position', { technician_id: 'a' }))).toEqual([]);
});

test('a burst of moves is one question', async () => {
  const rows: FreshRow[][] = [];
  const refresh = refresher(
    () => ({ date: '2026-11-23', days: 3 }),
    (fresh) => rows.push(fresh),
  );
  refresh(['a', 'b']);
  refresh(['a']);
  refresh([]);
  await vi.advanceTimersByTimeAsync(400);
  expect(asked).toEqual(['/dispatch/rows?technicians=a,b&date=2026-11-23&days=3']);
  expect(rows).toHaveLength(1);
});

test('rows of a day that is no longer shown are nobody’s', async () => {
  let date = '2026-11-23';
  const tell = vi.fn();
  const refresh = refresher(() => ({ date, days: 1 }), tell);
  vi.stubGlobal('fetch', () => {
    date = '2026-11-24';
    return Promise.resolve(new Response(JSON.stringify({ items: [] })));
  });
  refresh(['a']);
  await vi.advanceTimersByTimeAsync(400);
  expect(tell).not.toHaveBeenCalled();
});

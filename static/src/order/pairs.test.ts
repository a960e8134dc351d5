import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { pairsOf } from './pairs';

const job = (id: string, depends_on: string[], planned = true): Job =>
  ({
    id,
    depends_on,
    status: planned ? 'planned' : 'unassigned',
    visit: planned ? { technician_id: 't', start: '2026-11-23T15:00:00Z', end: '2026-11-23T16:00:00Z' } : null,
  }) as unknown as Job;

test('the selected visit is tied to what it waits for and to what waits for it, where those have a visit', () => {
  const jobs = { a: job('a', []), b: job('b', ['a', 'x']), c: job('c', ['b']), d: job('d', ['b'], false) };
  const said = (id: string | null): string[] => pairsOf(id, jobs).map((pair) => `${pair.before.id}-${pair.after.id}`);
  expect(said('b')).toEqual(['a-b', 'b-c']);
  expect(said('a')).toEqual(['a-b']);
  expect(said('d')).toEqual([]);
  expect(said(null)).toEqual([]);
});

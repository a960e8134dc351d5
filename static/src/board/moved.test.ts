import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { movedOf } from './moved';

const at = (hour: number, minute = 0): string => new Date(Date.UTC(2026, 10, 23, hour + 5, minute)).toISOString();
const placed = (id: string, who: string, hour: number, minute = 0): Job =>
  ({
    id,
    status: 'planned',
    visit: { technician_id: who, start: at(hour, minute), end: at(hour + 1, minute) },
  }) as unknown as Job;
const waiting = (id: string): Job => ({ id, status: 'unassigned', visit: null }) as unknown as Job;
const nameOf = (id: string): string => ({ a: 'Ana', b: 'Bob' })[id] ?? '';
const said = (before: Job[], after: Job[]) => movedOf(before, after, nameOf, 'en', 'America/Toronto');

test('several that went by the same say by how much, and from when to when they stand', () => {
  const before = [placed('1', 'a', 9), placed('2', 'a', 11)];
  const after = [placed('2', 'b', 12, 30), placed('1', 'b', 10, 30)];
  expect(said(before, after)).toEqual({ n: 2, by: '+1\u00a0h\u00a030', span: '10:30–13:30, Bob' });
});

test('those that only changed hands, or came from the pool, say no distance', () => {
  expect(said([placed('1', 'a', 9), placed('2', 'a', 11)], [placed('1', 'b', 9), placed('2', 'a', 11)])).toEqual({
    n: 2,
    by: null,
    span: '9:00–12:00',
  });
  expect(said([waiting('1'), waiting('2')], [placed('1', 'a', 9), placed('2', 'a', 10)]).by).toBeNull();
  expect(said([placed('1', 'a', 9), waiting('2')], [placed('1', 'a', 10), placed('2', 'a', 11)]).by).toBeNull();
});

import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { listed } from './listed';

const job = (id: string, more: Partial<Job>): Job =>
  ({ id, title: 'Ronde', status: 'unassigned', arrival_window: null, visit: null, ...more }) as Job;
const visit = (start: string) => ({ start, end: start }) as Job['visit'];

test('the days of a series are told apart, the soonest first and what has no day last', () => {
  const all = listed(
    [
      job('none', {}),
      job('series', { series: { id: 'series_1', on: '2026-12-07' } }),
      job('window', { arrival_window: { start: '2026-11-30T15:00:00Z', end: '2026-11-30T17:00:00Z' } }),
      job('visit', { status: 'planned', visit: visit('2026-11-24T02:30:00Z') }),
      job('left', { visit: visit('2026-11-23T14:00:00Z'), series: { id: 'series_1', on: '2026-12-14' } }),
    ],
    'America/Toronto',
  );
  expect(all.map(({ job: one, day }) => [one.id, day])).toEqual([
    ['visit', '2026-11-23'],
    ['window', '2026-11-30'],
    ['series', '2026-12-07'],
    ['left', '2026-12-14'],
    ['none', ''],
  ]);
});

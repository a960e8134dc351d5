// One bar for the jobs of a bundle that stand one behind the other.
import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import type { PlacedJob } from '../board/state';
import type { Bundle } from './api';
import { firstOf, COUNT, lengthOfStop, stopsOf } from './stops';

const job = (id: string, start: string, end: string, status = 'planned'): PlacedJob =>
  ({ id, status, visit: { id: `visit_${id}`, technician_id: 'ana', start, end, status } }) as unknown as PlacedJob;
const bundle: Bundle = { id: 'bundle_1', job_ids: ['a', 'b'], by: '', made_at: '', version: 1 };

test('what moves with a job of a stop is as long as the stop', () => {
  const one = (id: string, duration_min: number, status = 'planned') =>
    ({ id, status, duration_min }) as unknown as Job;
  const jobs = { a: one('a', 60), b: one('b', 30), c: one('c', 45, 'done'), d: one('d', 20) };
  const bundles = { x: { id: 'x', job_ids: ['a', 'b', 'c'] } as unknown as Bundle };
  expect(lengthOfStop(jobs.a, { jobs, bundles })).toBe(90);
  expect(lengthOfStop(jobs.d, { jobs, bundles })).toBe(20);
});

test('what is bundled and stands together is one stop, and nothing else is', () => {
  const route = [job('a', '10', '11'), job('b', '11', '12'), job('c', '12', '13')];
  const stops = stopsOf(route, { bundle_1: bundle });
  expect(stops.map((one) => [one.id, one.visit.end, one[COUNT] ?? 1])).toEqual([
    ['a', '12', 2],
    ['c', '13', 1],
  ]);
  expect(stopsOf(route, {})).toBe(route);
});

test('one that is done, or stands apart, has a bar of its own', () => {
  const bundles = { bundle_1: bundle };
  expect(stopsOf([job('a', '10', '11', 'done'), job('b', '11', '12')], bundles)).toHaveLength(2);
  expect(stopsOf([job('a', '10', '11'), job('b', '11:30', '12')], bundles)).toHaveLength(2);
});

test('the keyboard reaches a bundled job by the bar of its stop', () => {
  const route = [job('c', '9', '10'), job('a', '10', '11'), job('b', '11', '12')];
  const bundles = { bundle_1: bundle };
  expect(['a', 'b', 'c'].map((id) => firstOf(route, bundles, id))).toEqual(['a', 'a', 'c']);
});

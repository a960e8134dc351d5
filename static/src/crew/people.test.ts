// Which rows a crewed visit stands in, and when a job is short of people.
import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import type { PlacedJob } from '../board/state';
import { alongOf, shortOf } from './people';

const job = (id: string, lead: string, assistants: string[], more: Partial<Job> = {}): PlacedJob =>
  ({
    id,
    status: 'planned',
    ...more,
    visit: { id: `visit_${id}`, technician_id: lead, assistants, start: '', end: '', status: 'planned' },
  }) as unknown as PlacedJob;

test('a visit stands in the rows of all who go along, and rows rest while nothing changes', () => {
  const routes = { ana: [job('a', 'ana', ['bob', 'luc'])], bob: [job('b', 'bob', [])], luc: [] };
  const first = alongOf(routes);
  expect(Object.keys(first)).toEqual(['bob', 'luc']);
  expect(alongOf(routes, first)['bob']).toBe(first['bob']);
  expect(alongOf({ ...routes, ana: [job('a', 'ana', ['bob'])] }, first)['luc']).toBeUndefined();
});

test('a job is short of people while it has a visit that is not over', () => {
  expect(shortOf(job('a', 'ana', ['bob'], { crew_size: 3 }))).toBe(1);
  expect(shortOf(job('a', 'ana', []))).toBe(0);
  expect(shortOf(job('a', 'ana', [], { crew_size: 2, status: 'done' }))).toBe(0);
});

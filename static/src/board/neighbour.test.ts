import { expect, test } from 'vitest';
import { neighbour } from './neighbour';
import type { PlacedJob } from './state';

const visit = (id: string, technician_id: string, hour: number): PlacedJob =>
  ({ id, visit: { technician_id, start: `2026-11-23T${hour}:00:00Z` } }) as PlacedJob;
const rows = [{ id: 'ana' }, { id: 'free' }, { id: 'luc' }];
const [a, b] = [visit('a', 'ana', 14), visit('b', 'ana', 17)];
const [c, d] = [visit('c', 'luc', 13), visit('d', 'luc', 18)];
const routes = { ana: [a, b], free: [], luc: [c, d] };

test('arrows go along a route, and up and down to about the same hour past rows that are free', () => {
  expect(neighbour(a, 'ArrowRight', rows, routes)).toBe(b);
  expect(neighbour(b, 'ArrowDown', rows, routes)).toBe(d);
  expect(neighbour(c, 'ArrowUp', rows, routes)).toBe(a);
});

test('at the edge there is nowhere to go', () => {
  expect(neighbour(b, 'ArrowRight', rows, routes)).toBeNull();
  expect(neighbour(a, 'ArrowUp', rows, routes)).toBeNull();
});

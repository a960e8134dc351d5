import { expect, test } from 'vitest';
import { sceneOf } from './scene';
import { crowdedOut } from './shapes';
import { EMPTY } from '../board/state';

test('badges that would hide each other leave room to the first in rank; the rest are dots', () => {
  const placed = [
    { id: 'idle', x: 0, y: 0, rank: 3 },
    { id: 'chosen', x: 10, y: 0, rank: 0 },
    { id: 'far', x: 100, y: 0, rank: 3 },
    // Only near to one that is itself a dot.
    { id: 'near-idle', x: -15, y: 0, rank: 3 },
  ];
  expect([...crowdedOut(placed, 22)]).toEqual(['idle']);
});

test('positions of now are not shown on the board of another day', () => {
  const at = '2026-11-23T15:00:00Z';
  const state = {
    ...EMPTY,
    technicians: { ana: { id: 'ana', name: 'Ana Roy', shifts: [] } },
    positions: { ana: { lat: 45, lon: -73, at } },
  };
  const none = { job: null, technician: null };
  expect(sceneOf(state, {}, [], none, Date.parse(at), true).technicians).toHaveLength(1);
  expect(sceneOf(state, {}, [], none, Date.parse(at), false).technicians).toHaveLength(0);
});

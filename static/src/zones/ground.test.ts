import { expect, test } from 'vitest';
import { closed, cornersOf, countsOn, holds, read, written } from './ground';

const square: [number, number][] = [
  [-73.7, 45],
  [-73.5, 45],
  [-73.5, 45.2],
  [-73.7, 45.2],
];
const hole: [number, number][] = [
  [-73.65, 45.05],
  [-73.6, 45.05],
  [-73.6, 45.1],
  [-73.65, 45.1],
];

test('a place lies inside the border and outside its holes', () => {
  expect(holds([closed(square)], [-73.55, 45.15])).toBe(true);
  expect(holds([closed(square), closed(hole)], [-73.62, 45.07])).toBe(false);
  expect(holds([closed(square)], [-73.4, 45.1])).toBe(false);
});

test('a zone counts from its first day to its last, both included', () => {
  const zone = { valid_from: '2026-11-23', valid_until: '2026-11-24' };
  expect(['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25'].map((day) => countsOn(zone, day))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(countsOn({ valid_from: null, valid_until: null }, '2026-11-22')).toBe(true);
});

test('corners are read as they are written, and a line that is none is named', () => {
  expect(read(written(square))).toEqual(square);
  expect(read('45.05, -73.6\n\n45.1 -73.5')).toEqual([
    [-73.6, 45.05],
    [-73.5, 45.1],
  ]);
  expect(read('45.05, -73.6\nhere')).toBe(2);
});

test('the corner that closes a border is not shown as one of its own', () => {
  expect(cornersOf({ polygon: { type: 'Polygon', coordinates: [closed(square)] } })).toEqual(square);
  expect(closed([])).toEqual([]);
});

import { expect, test } from 'vitest';
import { clampStart, fit, instantAt, lengthOf, rowAt, shownHours, snap, ticks, widthOf, xOf } from './geometry';

const midnight = Date.parse('2026-11-23T05:00:00Z');
const at = (h: number, m = 0): number => midnight + (h * 60 + m) * 60_000;
const scale = fit(at(7), at(19), 720);

test('pixels and instants are each other’s way back', () => {
  expect(widthOf(scale)).toBe(720);
  expect(xOf(at(10), scale)).toBe(180);
  expect(instantAt(180, scale)).toBe(at(10));
  expect(lengthOf(90, scale)).toBe(90);
});

test('a drop lands on the nearest five minutes and inside the day', () => {
  expect(snap(at(10, 7), scale)).toBe(at(10, 5));
  expect(snap(at(10, 8), scale)).toBe(at(10, 10));
  expect(clampStart(at(18, 45), 60, scale)).toBe(at(18));
  expect(clampStart(at(5), 60, scale)).toBe(at(7));
});

test('a narrow window scrolls rather than crowds', () => {
  const narrow = fit(at(7), at(19), 200);
  expect(narrow.pxPerMin * 60).toBe(52);
  expect(ticks(narrow)).toHaveLength(13);
});

test('rows are found by height, and nothing outside them', () => {
  expect(rowAt(0, 44, 46)).toBe(0);
  expect(rowAt(89, 44, 46)).toBe(2);
  expect(rowAt(-1, 44, 46)).toBe(-1);
  expect(rowAt(46 * 44, 44, 46)).toBe(-1);
});

test('the hours shown hold every shift, in full hours', () => {
  const iso = (ms: number): string => new Date(ms).toISOString();
  expect(shownHours([], midnight)).toEqual({ fromMin: 420, toMin: 1080 });
  expect(shownHours([{ start: iso(at(6, 30)), end: iso(at(20, 15)) }], midnight)).toEqual({
    fromMin: 360,
    toMin: 1260,
  });
});

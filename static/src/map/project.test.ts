import { expect, test } from 'vitest';
import { fitBox, project, unproject } from './project';
import { boxOf, freshness } from './shapes';

test('a point projected and back is the same point', () => {
  const [lon, lat] = unproject(project([-73.58, 45.05], 9), 9);
  expect(lon).toBeCloseTo(-73.58, 9);
  expect(lat).toBeCloseTo(45.05, 9);
});

test('north is up and east is right', () => {
  expect(project([-73, 46], 5)[1]).toBeLessThan(project([-73, 45], 5)[1]);
  expect(project([-72, 45], 5)[0]).toBeGreaterThan(project([-73, 45], 5)[0]);
});

test('a fitted box lies inside the picture, margins kept', () => {
  const box = boxOf([
    [-74.2, 45.0],
    [-73.3, 45.4],
  ])!;
  const { centre, zoom } = fitBox(box, 360, 400);
  const middle = project(centre, zoom);
  for (const corner of [
    [box[0], box[1]],
    [box[2], box[3]],
  ] as [number, number][]) {
    const [x, y] = project(corner, zoom);
    expect(Math.abs(x - middle[0])).toBeLessThanOrEqual(180 - 36 + 0.01);
    expect(Math.abs(y - middle[1])).toBeLessThanOrEqual(200 - 36 + 0.01);
  }
});

test('a single point is fitted at the closest zoom, not at infinity', () => {
  expect(fitBox([-73, 45, -73, 45], 300, 300).zoom).toBe(13);
});

test('a fix fades over a quarter of an hour and is never more than fresh', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  expect(freshness('2026-11-23T10:00:05Z', now)).toBe(1);
  expect(freshness('2026-11-23T09:52:30Z', now)).toBeCloseTo(0.5);
  expect(freshness('2026-11-23T09:00:00Z', now)).toBe(0);
});

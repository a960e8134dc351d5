import { expect, test } from 'vitest';
import { pastedPoint, pointOf, typedAs } from './home';

test('two coordinates mean a point, with a comma as with a point', () => {
  expect(pointOf('45,06', '-73.6')).toEqual([-73.6, 45.06]);
  expect(pointOf('89', '-73.6')).toBeNull();
  expect(pointOf('', '-73.6')).toBeNull();
});

test('a point in its fields means the same point', () => {
  const { lat, lon } = typedAs([-73.58, 45.05]);
  expect(pointOf(lat, lon)).toEqual([-73.58, 45.05]);
});

test('what a map gives can be pasted', () => {
  expect(pastedPoint('45.05, -73.58')).toEqual([-73.58, 45.05]);
  expect(pastedPoint('12 rue Laurier')).toBeNull();
});

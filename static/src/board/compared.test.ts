import { expect, test } from 'vitest';
import { sharesOf, signed } from './compared';

test('the bars of a pair are measured by the longer one, and nothing divides by nothing', () => {
  expect(sharesOf(300, 150)).toEqual([1, 0.5]);
  expect(sharesOf(1, 4)).toEqual([0.25, 1]);
  expect(sharesOf(0, 0)).toEqual([0, 0]);
});

test('a difference bears its sign, and none is said as such', () => {
  expect(signed(12, String)).toBe('+12');
  expect(signed(-12, String)).toBe('−12');
  expect(signed(0, String)).toBe('=');
});

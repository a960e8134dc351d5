// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { stepOf } from './small';

const key = (name: string, shiftKey = false): KeyboardEvent => new KeyboardEvent('keydown', { key: name, shiftKey });

test('arrows move by eight pixels, finer with Shift, and other keys by nothing', () => {
  expect(stepOf(key('ArrowLeft'))).toEqual([-8, 0]);
  expect(stepOf(key('ArrowDown'))).toEqual([0, 8]);
  expect(stepOf(key('ArrowUp', true))).toEqual([0, -1]);
  expect(stepOf(key('Enter'))).toBeNull();
});

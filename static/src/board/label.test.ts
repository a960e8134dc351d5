import { expect, test } from 'vitest';
import { labelOf } from './label';

test('a bar says its whole hour over the name, or the name alone: an hour is never cut nor broken', () => {
  expect(labelOf(200, '12h30', true)).toEqual({ fit: 'wide', small: false });
  expect(labelOf(80, '12h30', true)).toEqual({ fit: 'mid', small: false });
  expect(labelOf(44, '12h30', true)).toEqual({ fit: 'mid', small: true });
  expect(labelOf(38, '12h30', true)).toEqual({ fit: 'name', small: true });
  expect(labelOf(38, '9h30', true).fit).toBe('mid');
  expect(labelOf(22, '12h30', true).fit).toBe('name');
  expect(labelOf(10, '12h30', true).fit).toBe('none');
});

test('a row of one line puts the name before the hour where both have no room', () => {
  expect(labelOf(90, '12h30', false).fit).toBe('mid');
  expect(labelOf(70, '12h30', false)).toEqual({ fit: 'name', small: false });
});

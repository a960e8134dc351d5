import { expect, test } from 'vitest';
import { labelOf, stacked } from './label';

test('a bar says its whole hour at every width that holds two digits, and never a part of it', () => {
  expect(labelOf(200, '12h30')).toEqual({ fit: 'wide', small: false });
  expect(labelOf(80, '12h30')).toEqual({ fit: 'mid', small: false });
  expect(labelOf(44, '12h30')).toEqual({ fit: 'mid', small: true });
  expect(labelOf(38, '12h30').fit).toBe('slim');
  expect(labelOf(38, '9h30').fit).toBe('mid');
  expect(labelOf(25, '12h30').fit).toBe('slim');
  expect(labelOf(10, '12h30').fit).toBe('none');
});

test('an hour over its minutes keeps all of its digits', () => {
  expect(stacked('13h05')).toEqual(['13h', '05']);
  expect(stacked('9:30')).toEqual(['9:', '30']);
});

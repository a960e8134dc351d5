import { expect, test } from 'vitest';
import { eachOnce } from './kinds';

test('each kind is offered once, as it was first written, and what has none offers none', () => {
  expect(eachOnce(['Réparation', null, ' réparation ', 'Installation', undefined, '', 'Épissure'])).toEqual([
    'Épissure',
    'Installation',
    'Réparation',
  ]);
});

import { expect, test } from 'vitest';
import { bring, words } from '.';
import { personFirst, personOf } from './who';

test('a person has a name, a program is called in plain words, and nobody is called by a key', async () => {
  await bring('fr');
  words.global.locale.value = 'fr';
  expect(personOf('bea@example.ca', 'Béa')).toBe('Béa');
  expect(personOf('admin-token', 'admin-token')).toBe('un programme branché');
  expect(personOf('tech:tech_1', null)).toBe('un technicien');
  expect(personFirst('admin-token')).toBe('Un programme branché');
  expect(personOf('gone@example.ca')).toBe('gone@example.ca');
});

import { expect, test } from 'vitest';
import { fold, meets } from '../words/fold';
import { answering, filled, orderOf, stepped, type Command } from './commands';

const command = (id: string, words: string): Command => ({ id, words, run: () => undefined });
const all = [
  command('today', 'Aujourd’hui'),
  command('plan', 'Planifier la journée'),
  command('theme', 'Clair ou sombre'),
];

test('commands answer to the beginnings of their words, accents or not, in any order', () => {
  const ids = (question: string): string[] => answering(all, question).map((one) => one.id);
  expect(ids('')).toEqual(['today', 'plan', 'theme']);
  expect(ids('journee plan')).toEqual(['plan']);
  expect(ids('hui')).toEqual(['today']);
  expect(ids('fier')).toEqual([]);
});

test('a command answers to the title of what it opens as well', () => {
  const absent = { ...command('absence', 'Absent…'), also: 'Absence' };
  expect(answering([absent], 'absence')).toEqual([absent]);
  expect(answering([absent], 'absences')).toEqual([]);
});

test('folding takes accents and capitals away and nothing else', () => {
  expect(fold('Élise L’Écuyer')).toBe('elise l’ecuyer');
  expect(meets('Saint-Rémi', 'remi')).toBe(true);
  expect(meets('Saint-Rémi', 'rémi saint')).toBe(true);
  expect(meets('Saint-Rémi', 'emi')).toBe(false);
});

test('arrows go round, and begin at the near end', () => {
  const ids = ['a', 'b', 'c'];
  expect(stepped(ids, null, 1)).toBe('a');
  expect(stepped(ids, null, -1)).toBe('c');
  expect(stepped(ids, 'c', 1)).toBe('a');
  expect(stepped(ids, 'a', -1)).toBe('c');
  expect(stepped(ids, 'gone', 1)).toBe('a');
  expect(stepped([], 'a', 1)).toBeNull();
});

test('groups come in the order of their best hit, and empty ones not at all', () => {
  expect(orderOf(['job', 'customer', 'job'])).toEqual(['job', 'customer']);
  const groups = [
    { id: 'a', title: 'A', choices: [] },
    { id: 'b', title: 'B', choices: all },
  ];
  expect(filled(groups).map((group) => group.id)).toEqual(['b']);
});

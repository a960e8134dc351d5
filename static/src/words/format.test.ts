import { expect, test } from 'vitest';
import {
  clock,
  count,
  familyName,
  hourOfDay,
  initials,
  isOverDays,
  longDay,
  minutes,
  phone,
  shortDay,
  tightClock,
  town,
  windowOf,
} from './format';
import { addDays, instantOf, wallClock } from './zone';

const ZONE = 'America/Toronto';

test('times are written as each language writes them, with spaces that do not break', () => {
  expect(clock('2026-11-23T18:30:00Z', 'fr', ZONE)).toBe('13\u00a0h\u00a030');
  expect(clock('2026-11-23T18:30:00Z', 'en', ZONE)).toBe('13:30');
  expect(hourOfDay('17:00', 'fr')).toBe('17\u00a0h\u00a000');
  expect(hourOfDay('08:30', 'en')).toBe('8:30');
  expect(tightClock('2026-11-23T14:05:00Z', 'fr', ZONE)).toBe('9h05');
  expect(tightClock('2026-11-23T14:05:00Z', 'en', ZONE)).toBe('9:05');
  expect(longDay('2026-11-21', 'fr')).toBe('samedi 21 novembre');
  expect(shortDay('2026-11-23', 'fr')).toBe('lun.\u00a023');
});

test('midnight of a day is right on both days that change the hour', () => {
  expect(new Date(instantOf('2027-03-14', 0, ZONE)).toISOString()).toBe('2027-03-14T05:00:00.000Z');
  expect(new Date(instantOf('2027-03-14', 8 * 60, ZONE)).toISOString()).toBe('2027-03-14T12:00:00.000Z');
  expect(new Date(instantOf('2026-11-01', 0, ZONE)).toISOString()).toBe('2026-11-01T04:00:00.000Z');
  expect(new Date(instantOf('2026-11-01', 8 * 60, ZONE)).toISOString()).toBe('2026-11-01T13:00:00.000Z');
});

test('a wall clock and its instant are each other’s way back', () => {
  const ms = instantOf('2026-11-23', 617, ZONE);
  expect(wallClock(ms, ZONE)).toEqual({ date: '2026-11-23', hour: 10, minute: 17 });
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

test('durations, phones, initials and towns', () => {
  expect(minutes(45)).toBe('45\u00a0min');
  expect(minutes(90)).toBe('1\u00a0h\u00a030');
  expect(minutes(120)).toBe('2\u00a0h');
  expect(phone('+14505550123')).toBe('450\u00a0555-0123');
  expect(phone('123')).toBe('123');
  expect(initials('Ana Roy')).toBe('AR');
  expect(initials('Jean-Luc Côté-Roy')).toBe('JR');
  expect(town('120, rang Saint-Paul')).toBe('rang Saint-Paul');
  expect(town('120 rue Frontière, Hemmingford, QC')).toBe('Hemmingford');
  expect(town('22, rue des Pins, Saint-Rémi')).toBe('Saint-Rémi');
});

test('counts have their thousands set apart as each language does', () => {
  expect(count(4992.4, 'fr')).toBe('4\u00a0992');
  expect(count(4992.4, 'en')).toBe('4,992');
  expect(count(0.25, 'fr', 1)).toBe('0,3');
});

test('a person is called by the family name, a business by all of its name', () => {
  expect(familyName('Marc-André Tremblay')).toBe('Tremblay');
  expect(familyName('Ferme Barrette et fils')).toBe('Ferme Barrette et fils');
  expect(familyName('Clinique dentaire Martel')).toBe('Clinique dentaire Martel');
  expect(familyName(undefined)).toBe('');
});

test('a window of one day is its hours, one of several its days on the clock of the company', () => {
  const week = { start: '2026-11-23T13:00:00Z', end: '2026-11-25T21:00:00Z' };
  expect(windowOf(week, 'fr', 'America/Toronto')).toMatch(/^23.+25 novembre$/);
  const evening = { start: '2026-11-23T23:00:00Z', end: '2026-11-24T02:00:00Z' };
  expect(windowOf(evening, 'en', 'America/Toronto')).toBe('18:00–21:00');
});

test('a night keeps its hours, and what ends at midnight names no other day', () => {
  const said = (from: string, to: string): string =>
    windowOf({ start: `2026-11-${from}:00-05:00`, end: `2026-11-${to}:00-05:00` }, 'en', ZONE);
  expect(said('23T20:00', '24T00:00')).toBe('20:00–0:00');
  expect(said('23T08:00', '24T00:00')).toBe('8:00–0:00');
  expect(said('23T23:30', '24T00:30')).toBe('23:30–0:30');
  expect(said('23T00:00', '24T00:00')).toBe('November 23');
  expect(said('23T08:00', '25T00:00')).toMatch(/^November 23.+24$/);
  // The day of a visit is another one for what is told of the next morning, not for what ends in its own night.
  const until = (end: string): boolean => isOverDays({ start: '2026-11-23T19:00:00Z', end }, ZONE);
  expect([until('2026-11-24T05:30:00Z'), until('2026-11-24T15:00:00Z'), until('2026-11-22T20:00:00Z')]).toEqual([
    false,
    true,
    true,
  ]);
});

import { expect, test } from 'vitest';
import { sayAbsence } from './when';

const ZONE = 'America/Toronto';
const say = (key: string, values: Record<string, string>): string =>
  key.endsWith('day') ? `on ${values['day']}` : `${values['from']} to ${values['to']}`;
const told = (start: string, end: string): string => sayAbsence({ start, end }, 'en', ZONE, say);

test('whole days are told by their dates, the last one included', () => {
  expect(told('2026-11-23T05:00:00Z', '2026-11-24T05:00:00Z')).toBe('on Mon, Nov 23');
  expect(told('2026-11-23T05:00:00Z', '2026-11-25T05:00:00Z')).toBe('Mon, Nov 23 to Tue, Nov 24');
});

test('part of a day is told by its times', () => {
  expect(told('2026-11-23T13:00:00Z', '2026-11-23T17:30:00Z')).toBe('Mon, Nov 23 8:00 to 12:30');
});

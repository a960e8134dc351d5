import { expect, test } from 'vitest';
import { dayAfterKey, loadOf, monthAfter, weeksOf, type CalendarDay } from './month';

const day = (over: Partial<CalendarDay>): CalendarDay => ({
  date: '2026-11-23',
  visits: 0,
  done: 0,
  waiting: 0,
  at_risk: 0,
  broken: 0,
  booked_min: 0,
  shift_min: 0,
  technicians: 0,
  ...over,
});

test('a month stands in whole weeks that begin on Monday', () => {
  const weeks = weeksOf('2026-11');
  expect(weeks).toHaveLength(6);
  expect(weeks[0]?.[0]).toBe('2026-10-26');
  expect(weeks.at(-1)?.at(-1)).toBe('2026-12-06');
  // A February of four weeks to the day.
  expect(weeksOf('2027-02').flat()).toHaveLength(28);
});

test('months follow one another over the year', () => {
  expect(monthAfter('2026-12', 1)).toBe('2027-01');
  expect(monthAfter('2026-01', -1)).toBe('2025-12');
});

test('keys walk over days, weeks and months, and a shorter month has a last day', () => {
  expect(dayAfterKey('2026-11-23', 'ArrowRight')).toBe('2026-11-24');
  expect(dayAfterKey('2026-11-23', 'ArrowUp')).toBe('2026-11-16');
  expect(dayAfterKey('2026-11-25', 'Home')).toBe('2026-11-23');
  expect(dayAfterKey('2026-11-25', 'End')).toBe('2026-11-29');
  expect(dayAfterKey('2027-01-31', 'PageDown')).toBe('2027-02-28');
  expect(dayAfterKey('2026-11-23', 'a')).toBeNull();
});

test('a day is as full as its shifts, and one without shifts has no measure', () => {
  expect(loadOf(day({}))).toBeNull();
  expect(loadOf(day({ booked_min: 120, shift_min: 480 }))).toBe(0.25);
  expect(loadOf(day({ booked_min: 600, shift_min: 480 }))).toBe(1);
  expect(loadOf(day({ booked_min: 60 }))).toBe(1);
});

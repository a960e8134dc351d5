import { expect, test } from 'vitest';
import { copyDay, emptyWeek, nextStretch, overlapping, runs, sayWeek, weekMinutes } from './week';
import { readTime } from '../ui/time';

test('a time is read as people type it', () => {
  const said = ['8', '8h', '8 h 30', '8h30', '8:30', '0830', '830', '16.30', '24', ' 07:05 '];
  expect(said.map(readTime)).toEqual([
    '08:00',
    '08:00',
    '08:30',
    '08:30',
    '08:30',
    '08:30',
    '08:30',
    '16:30',
    '00:00',
    '07:05',
  ]);
  for (const none of ['', 'x', '25', '8:75', '24:30', '8:30 pm']) expect(readTime(none), none).toBeNull();
});

test('a week counts its minutes, through midnight too', () => {
  const week = { ...emptyWeek(), mon: [{ start: '08:00', end: '12:00' }], sat: [{ start: '22:00', end: '02:30' }] };
  expect(weekMinutes(week)).toBe(240 + 270);
});

test('stretches of one day that overlap are found, those that touch are not', () => {
  const morning = { start: '08:00', end: '12:00' };
  expect(overlapping([morning, { start: '12:00', end: '16:00' }])).toEqual([]);
  expect(overlapping([morning, { start: '11:30', end: '16:00' }])).toEqual([1]);
  expect(
    overlapping([
      { start: '22:00', end: '02:00' },
      { start: '23:00', end: '23:30' },
    ]),
  ).toEqual([1]);
});

test('a day is copied to others, and what is copied is its own', () => {
  const week = { ...emptyWeek(), mon: [{ start: '08:00', end: '16:30' }] };
  const copied = copyDay(week, 'mon', ['tue', 'wed']);
  copied.tue[0]!.start = '09:00';
  expect(copied.mon[0]!.start).toBe('08:00');
  expect(copied.wed).toEqual(week.mon);
  expect(week.tue).toEqual([]);
});

test('a second stretch of a day comes after the first', () => {
  expect(nextStretch([])).toEqual({ start: '08:00', end: '16:30' });
  expect(nextStretch([{ start: '08:00', end: '12:00' }])).toEqual({ start: '13:00', end: '15:00' });
});

test('a week is said in a line, days of the same hours together', () => {
  const day = [{ start: '08:00', end: '16:30' }];
  const week = { ...emptyWeek(), mon: day, tue: day, wed: day, fri: [{ start: '09:00', end: '12:00' }] };
  expect(runs(week).map(([first, last]) => [first, last])).toEqual([
    ['mon', 'wed'],
    ['fri', 'fri'],
  ]);
  expect(sayWeek(week, false, (name) => name)).toBe('mon–wed 8:00–16:30 · fri 9:00–12:00');
  expect(sayWeek(emptyWeek(), true, (name) => name)).toBe('');
});

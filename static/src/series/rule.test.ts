import { describe, expect, it } from 'vitest';
import { nthOf, once, repeatOf, ruleOf, weekdayOf, wrongRepeat, type Repeat } from './rule';

const friday = '2026-11-20';
const made = (more: Partial<Repeat>): string | null => ruleOf({ ...once(), ...more }, friday);

describe('a rule of recurrence', () => {
  it('is made from the form, with the first day filling what was left open', () => {
    expect(made({})).toBeNull();
    expect(made({ frequency: 'weekly' })).toBe('RRULE:FREQ=WEEKLY;BYDAY=FR');
    expect(made({ frequency: 'weekly', days: ['WE', 'MO'], interval: '2' })).toBe(
      'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE',
    );
    expect(made({ frequency: 'monthly' })).toBe('RRULE:FREQ=MONTHLY;BYMONTHDAY=20');
    expect(made({ frequency: 'monthly', monthly: 'weekday' })).toBe('RRULE:FREQ=MONTHLY;BYDAY=3FR');
    expect(made({ frequency: 'daily', end: 'until', until: '2027-01-31' })).toBe('RRULE:FREQ=DAILY;UNTIL=20270131');
    expect(made({ frequency: 'yearly', end: 'count', count: '3' })).toBe('RRULE:FREQ=YEARLY;COUNT=3');
  });

  it('comes back to the same form, and what the form cannot show stays as it is', () => {
    for (const rule of [
      'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=7',
      'RRULE:FREQ=MONTHLY;BYDAY=3FR',
      'RRULE:FREQ=MONTHLY;BYMONTHDAY=20;UNTIL=20270131',
      'RRULE:FREQ=DAILY',
      'RRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1',
      'RRULE:FREQ=DAILY;UNTIL=20270131T120000Z',
      'RRULE:FREQ=YEARLY;BYMONTH=2',
    ])
      expect(ruleOf(repeatOf(rule), friday)).toBe(rule);
    expect(repeatOf('RRULE:FREQ=YEARLY;BYMONTH=2').frequency).toBe('other');
    expect(repeatOf('RRULE:FREQ=WEEKLY;BYDAY=MO', ['2026-12-14'], 'skip')).toMatchObject({
      frequency: 'weekly',
      days: ['MO'],
      exceptions: ['2026-12-14'],
      holidays: 'skip',
    });
  });

  it('knows the weekday of a day and which one of the month it is', () => {
    expect([weekdayOf('2026-11-22'), weekdayOf('2026-11-23')]).toEqual(['SU', 'MO']);
    expect([nthOf('2026-11-07'), nthOf('2026-11-08'), nthOf('2026-11-29')]).toEqual([1, 2, -1]);
  });

  it('says what cannot be right', () => {
    expect(wrongRepeat({ ...once(), frequency: 'daily', interval: '0' })).toBe('interval');
    expect(wrongRepeat({ ...once(), frequency: 'daily', end: 'until' })).toBe('until');
    expect(wrongRepeat({ ...once(), frequency: 'daily', end: 'count', count: 'x' })).toBe('count');
    expect(wrongRepeat({ ...once(), interval: '0' })).toBe('');
  });
});

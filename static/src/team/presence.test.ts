import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { awayOn, presenceOf, shiftsOn, worksOn } from './presence';

const at = (time: string): string => `2026-11-23T${time}:00-05:00`;
const ms = (time: string): number => Date.parse(at(time));
const span = (start: string, end: string): { start: string; end: string } => ({ start: at(start), end: at(end) });
const job = (status: string): Job => ({ id: 'job_1', status }) as Job;
const shifts = [span('08:00', '12:00'), span('13:00', '16:30')];

test('a technician is with a customer before anything else', () => {
  const away = [span('08:00', '16:30')];
  expect(presenceOf(shifts, away, [job('planned'), job('on_site')], ms('10:00')).kind).toBe('on_site');
  expect(presenceOf(shifts, [], [job('en_route')], ms('10:00')).kind).toBe('en_route');
  expect(presenceOf(shifts, away, [job('done')], ms('10:00'))).toMatchObject({ kind: 'away', atMs: ms('16:30') });
});

test('the day goes from later through free to over, and a day without shifts is off', () => {
  const kind = (time: string): unknown => {
    const seen = presenceOf(shifts, [], [], ms(time));
    return [seen.kind, seen.atMs];
  };
  expect(kind('07:00')).toEqual(['later', ms('08:00')]);
  expect(kind('09:00')).toEqual(['free', ms('12:00')]);
  expect(kind('12:30')).toEqual(['later', ms('13:00')]);
  expect(kind('17:00')).toEqual(['over', null]);
  expect(presenceOf([], [], [], ms('10:00')).kind).toBe('off');
  expect(presenceOf(shifts, [], [], ms('10:00')).shift).toEqual([ms('08:00'), ms('16:30')]);
});

test('who is away for all of a shift does not work that day, who is away for some of it does', () => {
  expect(worksOn(shifts, [])).toBe(true);
  expect(worksOn(shifts, [span('07:00', '12:00')])).toBe(true);
  expect(worksOn(shifts, [span('07:00', '18:00')])).toBe(false);
  expect(worksOn([], [])).toBe(false);
  expect(awayOn([span('07:00', '08:00')], ms('08:00'), ms('20:00'))).toBe(false);
  expect(awayOn([span('07:00', '08:01')], ms('08:00'), ms('20:00'))).toBe(true);
});

test('the shifts of a day come from the usual week and from what is beside it, in the zone of the company', () => {
  const who = {
    weekly_schedule: { mon: [{ start: '08:00', end: '12:00' }], sun: [{ start: '22:00', end: '02:00' }] },
    extra_shifts: [{ start: '2026-11-23T23:00:00Z', end: '2026-11-24T01:00:00Z' }],
  };
  const on = (date: string): unknown => shiftsOn(who, date, 'America/Toronto');
  expect(on('2026-11-23')).toEqual([
    { start: '2026-11-23T13:00:00Z', end: '2026-11-23T17:00:00Z' },
    { start: '2026-11-23T23:00:00Z', end: '2026-11-24T01:00:00Z' },
  ]);
  expect(on('2026-11-22')).toEqual([{ start: '2026-11-23T03:00:00Z', end: '2026-11-23T07:00:00Z' }]);
  expect(on('2026-11-24')).toEqual([]);
});

import { expect, test } from 'vitest';
import { byDay, lateMin, missed, type ToldWindow } from './kept';

const told = (over: Partial<ToldWindow>): ToldWindow => ({
  job_id: 'job_a',
  title: 'Modem',
  number: 1,
  start: '2026-11-23T15:00:00Z',
  end: '2026-11-23T16:00:00Z',
  arrived_at: null,
  outcome: 'kept',
  ...over,
});

test('days count what is over, on the clock of the company', () => {
  const items = [
    told({}),
    told({ job_id: 'job_b', outcome: 'late' }),
    told({ job_id: 'job_c', outcome: 'open' }),
    // An evening in Quebec is the next day in UTC.
    told({ job_id: 'job_d', start: '2026-11-25T01:00:00Z', outcome: 'replaced' }),
  ];
  expect(byDay(items, 'America/Toronto')).toEqual([
    { date: '2026-11-23', kept: 1, missed: 1 },
    { date: '2026-11-24', kept: 0, missed: 1 },
  ]);
});

test('what was missed stands newest first, with the minutes after the end of the window', () => {
  const late = told({ outcome: 'late', arrived_at: '2026-11-23T16:12:30Z' });
  const replaced = told({ job_id: 'job_b', outcome: 'replaced', start: '2026-11-23T18:00:00Z' });
  expect(missed([late, told({ job_id: 'job_c' }), replaced])).toEqual([replaced, late]);
  expect(lateMin(late)).toBe(13);
  expect(lateMin(replaced)).toBeNull();
  expect(lateMin(told({ arrived_at: '2026-11-23T15:30:00Z' }))).toBeNull();
});

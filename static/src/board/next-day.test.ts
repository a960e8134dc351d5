import { expect, test } from 'vitest';
import { addDays } from '../words/zone';
import { firstDay } from './next-day';

test('each of fourteen days is found by few questions, and what is possible on none of them by one', async () => {
  for (let n = 0; n < 14; n += 1) {
    const wanted = addDays('2026-11-24', n);
    let asked = 0;
    const possible = (from: string, to: string): Promise<boolean> => {
      asked += 1;
      return Promise.resolve(to > wanted && from <= addDays(wanted, 3));
    };
    expect(await firstDay('2026-11-24', possible)).toBe(wanted);
    expect(asked).toBeLessThanOrEqual(5);
  }
  let asked = 0;
  const never = (): Promise<boolean> => Promise.resolve(++asked < 0);
  expect([await firstDay('2026-11-24', never), asked]).toEqual(['', 1]);
});

import { expect, test } from 'vitest';
import { addressOf, isBoard, readAddress } from './address';

test('what is shown stands in the address, and comes back from it', () => {
  const shown = { date: '2026-11-24', days: 3, filters: { pool: 'pressing', q: 'Saint-Anicet & fils' } };
  const route = addressOf(shown, '2026-11-23');
  expect(readAddress(route)).toEqual(shown);
  expect(isBoard(route)).toBe(true);
});

test('today’s board has the plain address', () => {
  expect(addressOf({ date: '2026-11-23', days: 1, filters: { q: '' } }, '2026-11-23')).toBe('/');
  expect(readAddress('/')).toEqual({ filters: {} });
});

test('nonsense in an address shows nothing wrong', () => {
  expect(readAddress('/?date=tomorrow&days=400')).toEqual({ filters: {} });
  expect(readAddress('/?date=2026-13-45')).toEqual({ filters: {} });
  expect(isBoard('/team?x=1')).toBe(false);
});

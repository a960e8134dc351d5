import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { FILTERS, oneOf, ORDERS, shownOf } from './waiting';

const job = (id: string, over: Partial<Job>): Job =>
  ({
    id,
    title: 'Fibre',
    priority: 'normal',
    duration_min: 60,
    skills: [],
    arrival_window: null,
    visit: null,
    address: '1, rue Un, Huntingdon, QC',
    ...over,
  }) as unknown as Job;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const window = (h: number): { start: string; end: string } => ({
  start: `2026-11-23T${h - 2}:00:00Z`,
  end: `2026-11-23T${h}:00:00Z`,
});

test('the pool is put in order by what presses, by time left, by town, by length', () => {
  const pool = [
    job('a', { duration_min: 30, address: '2, rue B, Ormstown' }),
    job('b', { arrival_window: window(18) }),
    job('c', { arrival_window: window(15), duration_min: 90, address: '3, rue C, Hemmingford' }),
  ];
  const ids = (order: (typeof ORDERS)[number]): string[] => shownOf(pool, 'all', '', order, NOW).map((one) => one.id);
  expect(ids('pressing')).toEqual(['a', 'b', 'c']);
  expect(ids('left')).toEqual(['c', 'b', 'a']);
  expect(ids('town')).toEqual(['c', 'b', 'a']);
  expect(ids('long')).toEqual(['c', 'b', 'a']);
});

test('filters and words narrow it, accents or not', () => {
  const pool = [
    job('a', { priority: 'urgent', customer_name: 'Zoé Lavoie' }),
    job('b', { arrival_window: window(15) }),
  ];
  expect(shownOf(pool, 'pressing', '', 'pressing', NOW).map((one) => one.id)).toEqual(['a']);
  expect(shownOf(pool, 'windowed', '', 'pressing', NOW).map((one) => one.id)).toEqual(['b']);
  expect(shownOf(pool, 'all', 'zoe', 'pressing', NOW).map((one) => one.id)).toEqual(['a']);
});

test('an unknown word of an address is the usual one', () => {
  expect(oneOf(FILTERS, 'nonsense')).toBe('all');
  expect(oneOf(ORDERS, 'left')).toBe('left');
});

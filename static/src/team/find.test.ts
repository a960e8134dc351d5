import { expect, test } from 'vitest';
import type { TechnicianRecord } from '../api/team';
import { foundBy } from './find';

const zoe = {
  name: 'Zoé Lévesque',
  phone: '+14505550101',
  home: { lat: 45, lon: -73, address: '12, rang Saint-Étienne, Huntingdon' },
  gps_device_id: 'van-7',
} as TechnicianRecord;

test('people are found without their accents, by any of their words', () => {
  for (const typed of ['zoe', 'LEVESQUE zoe', 'huntingdon', 'saint-etienne', 'van-7', ' ']) {
    expect(foundBy(zoe, typed), typed).toBe(true);
  }
  for (const typed of ['zoe bernard', 'van-8']) expect(foundBy(zoe, typed), typed).toBe(false);
});

test('a phone is found by its digits however they are written', () => {
  for (const typed of ['450 555-0101', '(450) 555', '0101', '+1 450']) expect(foundBy(zoe, typed), typed).toBe(true);
  expect(foundBy(zoe, '514 555')).toBe(false);
});

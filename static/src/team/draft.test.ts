import { expect, test } from 'vitest';
import type { TechnicianFields } from '../api/team';
import { phone } from '../words/format';
import {
  BASE,
  differing,
  draftOf,
  fieldsFrom,
  fieldsOf,
  mineOver,
  nobody,
  only,
  readDegrees,
  readPair,
  wrongIn,
} from './draft';

const ZONE = 'America/Toronto';
const ana: TechnicianFields = fieldsOf({
  name: 'Ana Roy',
  phone: '+14505550101',
  email: null,
  language: 'fr',
  home: { lat: 45.05, lon: -73.58 },
  skills: [{ tag: 'Fibre', level: 3 }],
  weekly_schedule: { mon: [{ start: '08:00', end: '16:30' }], tue: [] },
  extra_shifts: [{ start: '2026-11-28T13:00:00Z', end: '2026-11-28T17:00:00Z' }],
  gps_device_id: 'van-ana',
});
const form = (): ReturnType<typeof draftOf> => draftOf(ana, ZONE, phone);

test('what nobody touched is sent back as it was, however it was shown', () => {
  expect(form().phone).not.toBe(ana.phone);
  expect(differing(ana, fieldsFrom(form(), ana, ZONE, phone))).toEqual([]);
});

test('only what was changed is sent', () => {
  const draft = form();
  draft.skills[0]!.level = 4;
  draft.lat = '45,06';
  draft.email = ' ana@example.ca ';
  const after = fieldsFrom(draft, ana, ZONE, phone);
  expect(only(after, differing(ana, after))).toEqual({
    email: 'ana@example.ca',
    home: { lat: 45.06, lon: -73.58, address: null },
    skills: [{ tag: 'Fibre', level: 4, expires_on: null }],
  });
});

test('an extra shift is in the zone of the company, and may end on the next day', () => {
  const draft = form();
  expect(draft.extras).toEqual([{ date: '2026-11-28', start: '08:00', end: '12:00' }]);
  draft.extras.push({ date: '2026-11-30', start: '22:00', end: '02:00' });
  expect(fieldsFrom(draft, ana, ZONE, phone).extra_shifts[1]).toEqual({
    start: '2026-12-01T03:00:00Z',
    end: '2026-12-01T07:00:00Z',
  });
});

test('what is wrong is said at the place where the server would say it', () => {
  const draft = draftOf(nobody('fr', { lat: 45, lon: -73 }), ZONE, phone);
  draft.lat = 'north';
  draft.week.mon = [
    { start: '08:00', end: '12:00' },
    { start: '11:00', end: '13:00' },
  ];
  draft.week.tue = [{ start: '08:00', end: '08:00' }];
  draft.extras = [{ date: '', start: '08:00', end: '12:00' }];
  expect(wrongIn(draft)).toEqual({
    '/name': 'name',
    '/phone': 'phone',
    [`${BASE}/lat`]: 'lat',
    '/weekly_schedule/mon/1/start': 'overlap',
    '/weekly_schedule/tue/0/end': 'same',
    '/extra_shifts/0/start': 'date',
  });
  expect(wrongIn(form())).toEqual({});
});

test('coordinates are read with a point or a comma, alone or as a pair', () => {
  expect(readDegrees(' 45,05 ')).toBe(45.05);
  expect(readDegrees('-73.58')).toBe(-73.58);
  expect(readDegrees('45 north')).toBeNull();
  expect(readPair('45.0512, -73.5811')).toEqual([45.0512, -73.5811]);
  expect(readPair('45,05')).toBeNull();
});

test('what two people changed is joined: mine over theirs, field by field', () => {
  const theirs = { ...ana, name: 'Ana Cyr', phone: '+14505550100' };
  const mine = { ...ana, phone: '+14505550199' };
  expect(differing(ana, theirs)).toEqual(['name', 'phone']);
  expect(mineOver(ana, mine, theirs)).toEqual({ ...ana, name: 'Ana Cyr', phone: '+14505550199' });
});

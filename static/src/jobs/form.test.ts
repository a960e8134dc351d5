import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { draftOf, freshJob, inputOf, pointedJob, wrongJob } from './form';

const ZONE = 'America/Toronto';
const job: Job = {
  id: 'job_1',
  status: 'unassigned',
  customer_id: 'cust_1',
  location_id: 'loc_1',
  title: 'Pas d’Internet',
  duration_min: 90,
  priority: 'high',
  skills: [{ tag: 'Fibre', level: 2 }],
  arrival_window: { start: '2026-11-23T18:00:00Z', end: '2026-11-23T20:30:00Z' },
  visit: null,
  version: 7,
  notes: null,
};

test('a job is edited in the company’s clock and comes back as it was', () => {
  const draft = draftOf(job, ZONE);
  expect([draft.date, draft.from, draft.to]).toEqual(['2026-11-23', '13:00', '15:30']);
  const input = inputOf(draft, ZONE, 0);
  expect(input.arrival_window).toEqual(job.arrival_window);
  expect(input.duration_min).toBe(90);
  expect(input.skills).toEqual([{ tag: 'Fibre', level: 2, required: true }]);
});

test('a window is whole and in order, or not there', () => {
  const draft = { ...freshJob(), title: 'Panne' };
  expect(wrongJob(draft)).toEqual({});
  expect(inputOf(draft, ZONE, 0).arrival_window).toBeNull();
  expect(wrongJob({ ...draft, date: '2026-11-23' })).toEqual({ window: 'window' });
  expect(wrongJob({ ...draft, date: '2026-11-23', from: '15:00', to: '13:00' })).toEqual({ window: 'window' });
  expect(wrongJob({ ...draft, date: '2026-11-23', from: '13:00', to: '15:00' })).toEqual({});
});

test('what is missing or out of range is named', () => {
  const draft = { ...freshJob(), duration: '0', skills: [{ tag: '', level: 3, required: true }] };
  expect(wrongJob(draft)).toEqual({ title: 'title', duration: 'duration', skills: 'skills' });
  expect(wrongJob({ ...freshJob(), title: 'Panne', duration: '1,5' })).toEqual({ duration: 'duration' });
  expect(pointedJob(['/skills/0/level', '/arrival_window/end', '/customer_id'])).toEqual({
    skills: 'skills',
    window: 'window',
  });
});

test('a window may span several days, and ends on the day it says', () => {
  const several = { ...job, arrival_window: { start: '2026-11-23T18:00:00Z', end: '2026-11-25T15:00:00Z' } };
  const draft = draftOf(several, ZONE);
  expect([draft.date, draft.from, draft.to, draft.until]).toEqual(['2026-11-23', '13:00', '10:00', '2026-11-25']);
  expect(inputOf(draft, ZONE, 0).arrival_window).toEqual(several.arrival_window);
  expect(wrongJob(draft)).toEqual({});
  expect(wrongJob({ ...draft, until: '2026-11-22' })).toEqual({ window: 'window' });
  expect(wrongJob({ ...draft, until: '' })).toEqual({ window: 'window' });
  expect(wrongJob({ ...draft, date: '', from: '', to: '' })).toEqual({ window: 'window' });
});

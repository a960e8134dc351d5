import { expect, test } from 'vitest';
import type { Figures, PlannedChange } from '../api/types';
import { byTechnician, compare, kindOf } from './preview';

const figures = (over: Partial<Figures> = {}): Figures => ({
  planned: 10,
  unassigned: 4,
  lost_priority: 9,
  driving_min: 300,
  km: 200,
  technicians: 5,
  promises_kept: 6,
  promises: 8,
  ...over,
});
const change = (over: Partial<PlannedChange> = {}): PlannedChange => ({
  job_id: 'job_1',
  title: 'Installation',
  technician_id: 'tech_luc',
  technician_name: 'Luc Côté',
  start: '2026-11-23T15:00:00Z',
  end: '2026-11-23T16:00:00Z',
  travel_min: 12,
  before: null,
  reasons: { fr: [], en: [] },
  ...over,
});

test('more visits and less driving are better, more left over is worse, technicians are neither', () => {
  const rows = compare(figures(), figures({ planned: 12, unassigned: 6, driving_min: 240, technicians: 4 }));
  const verdicts = Object.fromEntries(rows.map((row) => [row.name, row.verdict]));
  expect(verdicts).toEqual({
    planned: 'better',
    unassigned: 'worse',
    promises_kept: 'same',
    driving_min: 'better',
    km: 'same',
    technicians: 'plain',
  });
});

test('more driving is worse for the same visits, and the price of more visits otherwise', () => {
  const verdict = (after: Figures) => compare(figures(), after).find((row) => row.name === 'driving_min')?.verdict;
  expect(verdict(figures({ driving_min: 360 }))).toBe('worse');
  expect(verdict(figures({ driving_min: 360, planned: 13 }))).toBe('plain');
});

test('the bars of a pair are measured by the longer one, and nothing divides by nothing', () => {
  const driving = compare(figures(), figures({ driving_min: 150 })).find((row) => row.name === 'driving_min');
  expect(driving).toMatchObject({ beforeShare: 1, afterShare: 0.5, delta: -150 });
  const none = compare(figures({ unassigned: 0 }), figures({ unassigned: 0 })).find((r) => r.name === 'unassigned');
  expect(none).toMatchObject({ beforeShare: 0, afterShare: 0 });
});

test('a day without promises shows no row for them', () => {
  const none = figures({ promises: 0, promises_kept: 0 });
  expect(compare(none, none).map((row) => row.name)).not.toContain('promises_kept');
});

test('a change is a placing, a handing over, or a shift in time', () => {
  const before = {
    technician_id: 'tech_luc',
    technician_name: 'Luc Côté',
    start: '2026-11-23T14:00:00Z',
    end: '2026-11-23T15:00:00Z',
  };
  expect(kindOf(change())).toBe('placed');
  expect(kindOf(change({ before }))).toBe('shifted');
  expect(kindOf(change({ before: { ...before, technician_id: 'tech_ana' } }))).toBe('handed');
});

test('changes stand under who gets them, by name, in the order of the day', () => {
  const ana = { technician_id: 'tech_ana', technician_name: 'Ana Roy' };
  const groups = byTechnician([
    change({ job_id: 'late' }),
    change({ job_id: 'early', start: '2026-11-23T09:00:00-05:00' }),
    change({ job_id: 'other', ...ana }),
  ]);
  expect(groups.map((group) => [group.name, group.changes.map((one) => one.job_id)])).toEqual([
    ['Ana Roy', ['other']],
    ['Luc Côté', ['early', 'late']],
  ]);
});

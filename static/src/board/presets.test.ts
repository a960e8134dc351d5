import { afterEach, expect, test } from 'vitest';
import type { LiveEvent } from '../api/types';
import { filters, takeFilters } from './filters';
import { hearPresets, presets, showGroup, shownIds, showRows, showsNow, takeView, thin, type Preset } from './presets';

const preset = (over: Partial<Preset>): Preset => ({
  id: 'p1',
  kind: 'group',
  name: 'Ouest',
  shows: {},
  technician_ids: ['a', 'b'],
  version: 1,
  ...over,
});
const event = (type: string, one: Preset): LiveEvent => ({
  seq: 1,
  at: '',
  type,
  topic: 'dispatch',
  data: { preset: one },
});

afterEach(() => {
  presets.value = [];
  takeFilters({});
});

test('a group shows its people, rows chosen by hand take its place, and nobody chosen is everybody', () => {
  hearPresets(event('preset.saved', preset({})));
  expect(shownIds.value).toBeNull();
  showGroup('p1');
  expect([...(shownIds.value ?? [])]).toEqual(['a', 'b']);
  showRows(['c']);
  expect(filters).toEqual({ rows: 'c' });
  expect([...(shownIds.value ?? [])]).toEqual(['c']);
  showRows(null);
  expect(shownIds.value).toBeNull();
});

test('what a colleague changes or throws away is so here', () => {
  hearPresets(event('preset.saved', preset({ version: 3 })));
  hearPresets(event('preset.saved', preset({ version: 2, name: 'Vieux' })));
  expect(presets.value[0]?.name).toBe('Ouest');
  showGroup('p1');
  hearPresets(event('preset.deleted', preset({})));
  expect(presets.value).toEqual([]);
  expect(shownIds.value).toBeNull();
});

test('a view comes back as it was kept', () => {
  takeFilters({ pool: 'pressing', group: 'p1' });
  thin.value = true;
  const shows = showsNow({ days: 3, zoom: 1.5 });
  takeFilters({ q: 'else' });
  thin.value = false;
  expect(takeView(shows)).toEqual({ days: 3, zoom: 1.5 });
  expect(filters).toEqual({ pool: 'pressing', group: 'p1' });
  expect(thin.value).toBe(true);
});

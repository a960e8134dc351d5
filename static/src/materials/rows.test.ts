// Which rows the timeline has, and how a material stands among them.
import { expect, test } from 'vitest';
import type { Technician } from '../api/types';
import type { Material } from './api';
import { asRow, rowsOf, type Choice } from './rows';

const lift: Material = {
  id: 'mat_1',
  name: 'Nacelle',
  kind: 'Nacelle',
  external_id: null,
  available: true,
  out_of_service: [],
  version: 1,
};
const ana = { id: 'tech_1', name: 'Ana', shifts: [] } as Technician;

test('rows are people, both, or materials; without materials always people', () => {
  const things = [asRow(lift)];
  const ids = (chosen: Choice): string[] => rowsOf([ana], things, chosen).map((row) => row.id);
  expect([ids('people'), ids('both'), ids('materials')]).toEqual([['tech_1'], ['tech_1', 'mat_1'], ['mat_1']]);
  expect(ids('first'), 'without going past everybody').toEqual(['mat_1', 'tech_1']);
  expect(rowsOf([ana], [], 'materials')).toEqual([ana]);
});

test('what is put away is away all day', () => {
  expect(asRow(lift).absences).toEqual([]);
  expect(asRow({ ...lift, available: false }).absences).toHaveLength(1);
});

// Which rows the timeline has: people, people and materials (below or above them), or materials alone. A material's row is a technician's without
// a shift or a home. Pure but for the choice, which this browser keeps.
import { ref } from 'vue';
import type { Technician } from '../api/types';
import type { Material } from './api';

export const CHOICES = ['people', 'both', 'first', 'materials'] as const;
export type Choice = (typeof CHOICES)[number];

const KEY = 'tournee.rows';
const kept = (): Choice => CHOICES.find((one) => one === localStorage.getItem(KEY)) ?? 'people';

export const choice = ref<Choice>(kept());
export function choose(next: Choice): void {
  choice.value = next;
  localStorage.setItem(KEY, next);
}

/** A row of the timeline; `thing` says what it is where it is a material. */
export type RowOf = Technician & { thing?: string };

const FOREVER = { start: '2000-01-01T00:00:00Z', end: '2100-01-01T00:00:00Z' };

/** A material as a row. */
export const asRow = (material: Material): RowOf => ({
  id: material.id,
  name: material.name,
  thing: material.kind ?? '',
  shifts: [],
  absences: material.available ? material.out_of_service : [FOREVER],
});

/** The rows to show; people alone where there is no material, whatever was chosen. */
export function rowsOf(people: readonly Technician[], materials: readonly RowOf[], chosen: Choice): readonly RowOf[] {
  if (!materials.length || chosen === 'people') return people;
  if (chosen === 'first') return [...materials, ...people];
  return chosen === 'both' ? [...people, ...materials] : materials;
}

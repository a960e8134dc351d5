// Views and groups that dispatchers keep for one another, and what choosing one does. The server keeps them; this fetches them,
// follows them on the board's line, and says which technicians a group shows.
import { computed, ref, shallowRef } from 'vue';
import { acting, call, Refused, type Acted } from '../api/client';
import type { LiveEvent } from '../api/types';
import { filters, setFilter, takeFilters } from './filters';

export interface Preset {
  id: string;
  kind: 'view' | 'group';
  name: string;
  /** What a view shows, by the names of the address. */
  shows: Record<string, string>;
  /** Who is in a group. */
  technician_ids: string[];
  version: number;
}

export type PresetInput = Pick<Preset, 'kind' | 'name'> & Partial<Pick<Preset, 'shows' | 'technician_ids'>>;

export const presets = shallowRef<readonly Preset[]>([]);
export const views = computed(() => presets.value.filter((one) => one.kind === 'view'));
export const groups = computed(() => presets.value.filter((one) => one.kind === 'group'));

/** Rows are low or tall. */
const DENSITY = 'tournee.density';
export const thin = ref(localStorage.getItem(DENSITY) === 'thin');
export function setThin(next: boolean): void {
  thin.value = next;
  localStorage.setItem(DENSITY, next ? 'thin' : 'roomy');
}

const byName = (a: Preset, b: Preset): number => a.name.localeCompare(b.name, 'fr') || a.id.localeCompare(b.id);

function put(preset: Preset): void {
  const others = presets.value.filter((one) => one.id !== preset.id);
  const known = presets.value.find((one) => one.id === preset.id);
  if (!known || known.version <= preset.version) presets.value = [...others, preset].sort(byName);
}

/** Fetches them; without them the board shows everybody. */
export async function fetchPresets(): Promise<void> {
  try {
    const { items } = await call<{ items: Preset[] }>('GET', '/presets');
    presets.value = items.sort(byName);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

/** What the line says of them. */
export function hearPresets(event: LiveEvent): void {
  const preset = (event.data as { preset?: Preset }).preset;
  if (event.type === 'preset.saved' && preset) put(preset);
  else if (event.type === 'preset.deleted' && preset) {
    presets.value = presets.value.filter((one) => one.id !== preset.id);
    if (filters['group'] === preset.id) setFilter('group', '');
  }
}

/** Technicians whose rows are shown; null for everybody. */
export const shownIds = computed<ReadonlySet<string> | null>(() => {
  const group = groups.value.find((one) => one.id === filters['group']);
  if (group) return new Set(group.technician_ids);
  const rows = filters['rows'];
  return rows ? new Set(rows.split('.')) : null;
});

/** Shows these rows only, or everybody's. */
export function showRows(ids: readonly string[] | null): void {
  setFilter('group', '');
  setFilter('rows', ids ? ids.join('.') : '');
}

export function showGroup(id: string | null): void {
  setFilter('rows', '');
  setFilter('group', id ?? '');
}

/** What the board's own parts hold of a view besides the filters. */
export interface ViewParts {
  days: number;
  zoom: number;
}

/** The board as it looks now, to be kept. */
export function showsNow({ days, zoom }: ViewParts): Record<string, string> {
  return {
    ...filters,
    days: String(days),
    ...(zoom > 1.01 ? { zoom: zoom.toFixed(2) } : {}),
    density: thin.value ? 'thin' : 'roomy',
  };
}

/** Makes the board look like this; answers what the caller must set. */
export function takeView(shows: Readonly<Record<string, string>>): ViewParts {
  const { days, zoom, density, ...rest } = shows;
  takeFilters(rest);
  if (density) setThin(density === 'thin');
  return { days: Number(days) || 1, zoom: Number(zoom) || 1 };
}

export async function savePreset(input: PresetInput): Promise<Acted<Preset>> {
  const saved = await acting<Preset>('POST', '/presets', input);
  put(saved.answer);
  return saved;
}

export async function changePreset(preset: Preset, edit: Partial<PresetInput>): Promise<Acted<Preset>> {
  const path = `/presets/${encodeURIComponent(preset.id)}`;
  const saved = await acting<Preset>('PATCH', path, { ...edit, version: preset.version });
  put(saved.answer);
  return saved;
}

/** Throws one away; answers as which act. */
export async function dropPreset(preset: Preset): Promise<number> {
  const { act } = await acting<void>('DELETE', `/presets/${encodeURIComponent(preset.id)}`);
  presets.value = presets.value.filter((one) => one.id !== preset.id);
  return act;
}

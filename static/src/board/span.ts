// How much of the calendar the timeline shows: a day, three, a week; how wide an hour is; and going from one to the next. It
// loads nothing but through the store.
import { computed, ref } from 'vue';
import { zone } from '../house';
import { addDays, instantOf } from '../words/zone';
import { fit, shownHours, type Scale } from './geometry';
import { filters } from './filters';
import { presets, showGroup, takeView } from './presets';
import { aimed, board, load, routes, rows } from './store';

export const SPANS = [1, 3, 7] as const;
export type Span = (typeof SPANS)[number];

export const isSpan = (days: number): days is Span => (SPANS as readonly number[]).includes(days);

/** An hour is at least so wide, px; less makes its bars a row of hairs. A week fits a desk's screen whole: what it says beside
 *  its bars their tips say, and zooming makes them wide. */
const MIN_PX_PER_HOUR: Record<Span, number> = { 1: 52, 3: 30, 7: 7 };
const ZOOM_MAX = 6;

/** How many times wider than it need be an hour is drawn. */
export const zoom = ref(1);

/** Zooms by a factor; the caller keeps what the pointer points at where it is. */
export function zoomBy(factor: number): void {
  zoom.value = Math.min(ZOOM_MAX, Math.max(1, zoom.value * factor));
}

/** The first day shown, and each after it. */
export const dates = computed(() => {
  const first = board.value.date || '2000-01-01';
  return Array.from({ length: board.value.days }, (_, i) => addDays(first, i));
});

const midnights = computed(() => dates.value.map((date) => instantOf(date, 0, zone.value)));

// Two numbers rather than the spans they come from, so that a moved visit draws no new scale.
const hours = computed(() => {
  const spans = rows.value.flatMap((tech) => tech.shifts);
  const visits = rows.value.flatMap((tech) => (routes.value[tech.id] ?? []).map((job) => job.visit));
  return shownHours([...spans, ...visits], midnights.value);
});
const fromMin = computed(() => hours.value.fromMin);
const toMin = computed(() => hours.value.toMin);
const parts = computed(() =>
  dates.value.map((date) => ({
    date,
    from: instantOf(date, fromMin.value, zone.value),
    to: instantOf(date, toMin.value, zone.value),
  })),
);

/** The scale for a lane of `width` px. */
export function scaleFor(width: number): Scale {
  const days = board.value.days;
  return fit(parts.value, width, isSpan(days) ? MIN_PX_PER_HOUR[days] : 17, zoom.value);
}

/** Shows `days` days from the first one shown on. */
export function showSpan(days: Span): void {
  zoom.value = 1;
  void load(aimed().date, days);
}

/** Goes as many days on or back as are shown. */
export function turn(direction: 1 | -1): void {
  const { date, days } = aimed();
  void load(addDays(date, direction * days), days);
}

/** Makes the board look as a kept view says, at the days it shows now. */
export function showView(shows: Readonly<Record<string, string>>): void {
  const parts = takeView(shows);
  void load(aimed().date, isSpan(parts.days) ? parts.days : 1);
  zoom.value = Math.min(ZOOM_MAX, Math.max(1, parts.zoom));
}

/** Chooses a preset by its id; a group that is shown already is let go. Tells whether there is one. */
export function takePreset(id: string): boolean {
  const preset = presets.value.find((one) => one.id === id);
  if (!preset) return false;
  if (preset.kind === 'view') showView(preset.shows);
  else showGroup(filters['group'] === id ? null : id);
  return true;
}

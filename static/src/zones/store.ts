// The zones as the server knows them: fetched once, kept true by the board's line. Which zone a job lies in is worked out here
// for showing and filtering; whether somebody may be sent there, the server alone decides.
import { computed, ref, shallowRef, watch } from 'vue';
import { Refused } from '../api/client';
import type { Job } from '../api/types';
import { zonesApi, type Zone } from '../api/zones';
import { board, live } from '../board/store';
import { zone as timeZone } from '../house';
import { hear } from '../live/heard';
import { pastMs } from '../past/moment';
import { wallClock } from '../words/zone';
import { countsOn, holds } from './ground';

const known = shallowRef<Record<string, Zone>>({});
/** By name. Zones are known as they are now: an earlier moment shows none. */
export const zones = computed(() =>
  Object.values(pastMs.value ? {} : known.value).sort((a, b) => a.name.localeCompare(b.name, 'fr')),
);
export const loaded = ref(false);

const SHOWN = 'tournee.zones';
/** Whether the board's map shows them; kept in this browser. */
export const onMap = ref(localStorage.getItem(SHOWN) !== 'off');
export function showOnMap(shown: boolean): void {
  onMap.value = shown;
  localStorage.setItem(SHOWN, shown ? 'on' : 'off');
}

/** Takes a zone in, unless a newer state of it is known. */
export function put(zone: Zone): void {
  const before = known.value[zone.id];
  if (!before || before.version <= zone.version) known.value = { ...known.value, [zone.id]: zone };
}
export function drop(id: string): void {
  const rest = { ...known.value };
  delete rest[id];
  known.value = rest;
}

export async function fetchZones(): Promise<void> {
  try {
    const { items } = await zonesApi.all();
    known.value = Object.fromEntries(items.map((one) => [one.id, one]));
    loaded.value = true;
  } catch (error) {
    // Without them the board lacks a picture and a filter, nothing else; the line brings them back.
    if (!(error instanceof Refused)) throw error;
  }
}

let following = false;
/** Follows zones as long as this page lives. Called by whatever shows one. */
export function followZones(): void {
  if (following) return;
  following = true;
  hear((event) => {
    const { zone } = event.data as { zone: Zone };
    if (event.type === 'zone.saved') put(zone);
    if (event.type === 'zone.deleted') drop(zone.id);
  });
  watch(live, (up) => up && void fetchZones());
  void fetchZones();
}

/** The zones that a job lies in on the day of its visit, or else on the first day that is shown. */
export function zonesOf(job: Job): Zone[] {
  if (job.lat === undefined || job.lon === undefined) return [];
  const at: [number, number] = [job.lon, job.lat];
  const start = job.visit && job.status !== 'unassigned' ? Date.parse(job.visit.start) : null;
  const day = start === null ? board.value.date : wallClock(start, timeZone.value).date;
  return zones.value.filter((one) => countsOn(one, day) && holds(one.polygon.coordinates, at));
}

/** The jobs of one zone, or with `out` those of none; all of them where there is no such zone. */
export function ofZone(jobs: Job[], id: string | undefined): Job[] {
  if (!id || (id !== 'out' && !zones.value.some((one) => one.id === id))) return jobs;
  return jobs.filter((job) => {
    const inside = zonesOf(job);
    return id === 'out' ? !inside.length : inside.some((one) => one.id === id);
  });
}

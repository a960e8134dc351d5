// What the context menu offers, by what was under the pointer or had the focus. An act knows what it does; the menu only
// lists it. A capability adds its line here and keeps the deed in its own folder.
import type { Component } from 'vue';
import { CalendarOff, House, Megaphone, Siren } from '@lucide/vue';
import type { Job, Technician } from '../api/types';
import { mayDispatch } from '../find/may';
import { beginMove } from '../homes/moving';
import type { PlacedJob } from './state';
import { openTool, type Given } from './tools';

/** What an act is done to. `jobs` are all that are selected, the one under the pointer among them. */
export type Spot =
  | { on: 'visit'; job: PlacedJob; jobs: readonly Job[] }
  | { on: 'pool'; job: Job; jobs: readonly Job[] }
  | { on: 'technician'; technician: Technician }
  /** Their home base, on the map. */
  | { on: 'home'; technician: Technician }
  /** A free place of a technician's row; `startMs` is the instant under the pointer, on the snapping step. */
  | { on: 'empty'; technician: Technician; startMs: number };

export type On = Spot['on'];

type Of<K extends On> = Extract<Spot, { on: K }>;

export interface Act<K extends On = On> {
  id: string;
  /** Key of its words; it is given `n`, the number of jobs selected. */
  label: string;
  icon?: Component;
  /** The key that does the same, as shown. */
  key?: string;
  /** Acts of a group stand together; a hairline parts the groups. */
  group: 'move' | 'job' | 'people' | 'end';
  on: readonly K[];
  shown?: (spot: Of<K>) => boolean;
  run: (spot: Of<K>) => void;
}

/** Keeps the type of the spot with the kinds of spot that were named. */
export function act<const K extends On>(one: Act<K>): Act {
  return one as unknown as Act;
}

/** The absence under the pointer, to be changed; elsewhere a new one for that technician. */
function absenceAt({ technician, ...spot }: Of<'technician' | 'empty'>): Given {
  const at = 'startMs' in spot ? spot.startMs : null;
  const here = technician.absences?.find(
    (one) => at !== null && Date.parse(one.start) <= at && at < Date.parse(one.end),
  );
  const given = { technicianId: technician.id };
  return here ? { ...given, start: here.start, end: here.end, absenceId: here.id, why: here.reason ?? '' } : given;
}

/** Acts of other capabilities, shown after the board's own. */
export const ACTS: readonly Act[] = [
  act({
    id: 'offer',
    label: 'offers.act',
    icon: Megaphone,
    group: 'job',
    on: ['pool'],
    shown: () => mayDispatch.value,
    run: (spot) => void openTool('offers', { jobId: spot.job.id }),
  }),
  act({
    id: 'urgent',
    label: 'urgent.act',
    icon: Siren,
    group: 'move',
    on: ['pool'],
    shown: () => mayDispatch.value,
    run: (spot) => void openTool('urgent', { jobId: spot.job.id }),
  }),
  act({
    id: 'absent',
    label: 'absences.act',
    icon: CalendarOff,
    group: 'people',
    on: ['technician', 'empty'],
    shown: () => mayDispatch.value,
    run: (spot) => void openTool('absence', absenceAt(spot)),
  }),
  act({
    id: 'move-home',
    label: 'homes.act',
    icon: House,
    group: 'people',
    on: ['home', 'technician'],
    shown: () => mayDispatch.value,
    run: ({ technician }) => beginMove(technician.id),
  }),
];

const GROUPS: readonly Act['group'][] = ['move', 'job', 'people', 'end'];

/** The acts for this spot, group by group. */
export function actsFor(spot: Spot, all: readonly Act[]): Act[] {
  return all
    .filter((one) => one.on.includes(spot.on) && (one.shown?.(spot) ?? true))
    .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}

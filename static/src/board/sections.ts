// Sections that capabilities add to the inspector, below what it always says of a job or a technician. A section is fetched
// when the first of its kind is looked at. Reads nothing, draws nothing.
import { type Component } from 'vue';
import type { Job, Technician } from '../api/types';
import { bundleOf } from '../bundles/stops';
import { mayDispatch } from '../find/may';
import { clocks } from '../sla/store';
import { board } from './store';
import { zonesOf } from '../zones/store';
import { lazily } from '../ui/lazily';

interface Common {
  id: string;
  /** Key of its words; the heading above the section. */
  title: string;
  /** A component with the one prop `id`, that of the job or technician. */
  component: () => Promise<{ default: Component }>;
}

export type Section =
  | (Common & { of: 'job'; shown?: (job: Job) => boolean })
  | (Common & { of: 'technician'; shown?: (technician: Technician) => boolean });

/** Every section, in the order shown. A capability adds its line here and keeps the component in its own folder. */
export const SECTIONS: readonly Section[] = [
  {
    of: 'job',
    id: 'series',
    title: 'series.title',
    component: () => import('../series/Section.vue'),
    shown: (job) => !!job.series,
  },
  {
    id: 'offer',
    of: 'job',
    title: 'offers.section',
    component: () => import('../offers/JobSection.vue'),
    shown: (job) => job.status === 'unassigned',
  },
  {
    id: 'urgent',
    of: 'job',
    title: 'urgent.section',
    component: () => import('../urgent/JobSection.vue'),
    shown: (job) => job.status === 'unassigned' && mayDispatch.value,
  },
  {
    id: 'bundle',
    title: 'bundles.title',
    of: 'job',
    component: () => import('../bundles/Section.vue'),
    shown: (job) => !!bundleOf(board.value.bundles, job.id),
  },
  { id: 'crew', title: 'crew.title', of: 'job', component: () => import('../crew/Section.vue') },
  { of: 'technician', id: 'home', title: 'homes.section', component: () => import('../homes/Section.vue') },
  { of: 'technician', id: 'absences', title: 'absences.section', component: () => import('../absences/Section.vue') },
  {
    of: 'technician',
    id: 'calendars',
    title: 'calendars.section',
    component: () => import('../outside/Calendars.vue'),
  },
  {
    of: 'job',
    id: 'sla',
    title: 'sla.section',
    component: () => import('../sla/Section.vue'),
    shown: (job) => !!clocks.value[job.id],
  },
  {
    of: 'job',
    id: 'zones',
    title: 'zones.title',
    component: () => import('../zones/Section.vue'),
    shown: (job) => zonesOf(job).length > 0 || !!job.visit?.overrides?.includes('zone'),
  },
  { id: 'promises', title: 'ledger.title', of: 'job', component: () => import('../ledger/Promises.vue') },
  { of: 'job', id: 'order', title: 'order.title', component: () => import('../order/Section.vue') },
];

/** The sections for this job. */
export const ofJob = (job: Job, all: readonly Section[] = SECTIONS): Section[] =>
  all.filter((one) => one.of === 'job' && (one.shown?.(job) ?? true));

/** The sections for this technician. */
export const ofTechnician = (technician: Technician, all: readonly Section[] = SECTIONS): Section[] =>
  all.filter((one) => one.of === 'technician' && (one.shown?.(technician) ?? true));

const fetched = new Map<string, Component>();
/** The section's component; the same one each time. */
export function partOf(section: Section): Component {
  const known = fetched.get(section.id) ?? lazily(section.component);
  fetched.set(section.id, known);
  return known;
}

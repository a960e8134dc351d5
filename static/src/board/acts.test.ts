import { expect, test, vi } from 'vitest';
import { act, actsFor, type Spot } from './acts';
import { ofJob, ofTechnician, partOf, type Section } from './sections';
import type { Job, Technician } from '../api/types';

const technician = { id: 't1', name: 'Ana Roy', shifts: [] } as unknown as Technician;
const job = { id: 'j1', title: 'Fibre', status: 'unassigned' } as unknown as Job;

test('a menu holds what fits the place, group by group, in the order given', () => {
  const run = vi.fn();
  const all = [
    act({ id: 'end', label: 'x', group: 'end', on: ['visit', 'pool'], run }),
    act({ id: 'assign', label: 'x', group: 'move', on: ['pool'], run }),
    act({ id: 'away', label: 'x', group: 'people', on: ['technician'], run }),
    act({ id: 'urgent', label: 'x', group: 'move', on: ['pool'], shown: ({ job }) => job.priority === 'urgent', run }),
  ];
  const spot: Spot = { on: 'pool', job, jobs: [job] };
  expect(actsFor(spot, all).map((one) => one.id)).toEqual(['assign', 'end']);
  expect(actsFor({ on: 'technician', technician }, all).map((one) => one.id)).toEqual(['away']);
  expect(actsFor({ on: 'empty', technician, startMs: 0 }, all)).toEqual([]);
});

test('sections are those of the kind that have something to say', () => {
  const component = async (): Promise<{ default: object }> => ({ default: {} });
  const all: Section[] = [
    { id: 'a', title: 'x', of: 'job', component },
    { id: 'b', title: 'x', of: 'job', shown: (one) => one.status === 'done', component },
    { id: 'c', title: 'x', of: 'technician', component },
  ];
  expect(ofJob(job, all).map((one) => one.id)).toEqual(['a']);
  expect(ofTechnician(technician, all).map((one) => one.id)).toEqual(['c']);
  expect(partOf(all[0] as Section)).toBe(partOf(all[0] as Section));
});

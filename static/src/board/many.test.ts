// Where several go when one of them is put somewhere; when an edge may be pulled; who is selected by which gesture.
import { expect, test } from 'vitest';
import type { Job } from '../api/types';
import { fit } from './geometry';
import { movesOf } from './many';
import { runsInto, snappedDuration } from './resize';
import { selectAll, selection, selectOnly, selectRange, toggle } from './selection';
import type { PlacedJob } from './state';

const midnight = Date.parse('2026-11-23T05:00:00Z');
const at = (h: number, m = 0): number => midnight + (h * 60 + m) * 60_000;
const scale = fit([{ date: '2026-11-23', from: at(7), to: at(18) }], 660);
const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
const visit = (id: string, technician_id: string, h: number, min = 60): PlacedJob =>
  ({
    id,
    status: 'planned',
    duration_min: min,
    visit: {
      id: `v${id}`,
      technician_id,
      start: new Date(at(h)).toISOString(),
      end: new Date(at(h) + min * 60_000).toISOString(),
    },
  }) as unknown as PlacedJob;
const waiting = (id: string): Job => ({ id, status: 'unassigned', duration_min: 60, visit: null }) as unknown as Job;

test('visits keep their distance in time and in rows from the one in hand', () => {
  const jobs = [visit('1', 'a', 9), visit('2', 'b', 11), visit('3', 'a', 13)];
  const moves = movesOf(jobs[0] as Job, jobs, { technicianId: 'b', startMs: at(10) }, rows, scale);
  expect(moves).toEqual([
    { jobId: '1', technicianId: 'b', startMs: at(10) },
    { jobId: '2', technicianId: 'c', startMs: at(12) },
    { jobId: '3', technicianId: 'b', startMs: at(14) },
  ]);
});

test('dropped on a material they keep their hours, and no one of them lands on a material among people', () => {
  const mixed = [...rows, { id: 'lift', thing: '' }];
  const jobs = [visit('1', 'b', 9), visit('2', 'c', 11), waiting('3')];
  const onLift = movesOf(jobs[0] as Job, jobs, { technicianId: 'lift', startMs: at(15) }, mixed, scale);
  expect(onLift).toEqual([
    { jobId: '1', technicianId: 'lift', startMs: at(9) },
    { jobId: '2', technicianId: 'lift', startMs: at(11) },
    { jobId: '3', technicianId: 'lift', startMs: null },
  ]);
  const oneDown = movesOf(jobs[0] as Job, jobs.slice(0, 2), { technicianId: 'c', startMs: at(9) }, mixed, scale);
  expect(oneDown.map((move) => move.technicianId)).toEqual(['c', 'c']);
});

test('nobody falls off the board: the last row and the last hour hold them', () => {
  const jobs = [visit('1', 'b', 9), visit('2', 'c', 17)];
  const moves = movesOf(jobs[0] as Job, jobs, { technicianId: 'c', startMs: at(12) }, rows, scale);
  expect(moves[1]).toEqual({ jobId: '2', technicianId: 'c', startMs: at(17) });
});

test('jobs of the pool queue up behind the first, and on a name all go to the end', () => {
  const jobs = [waiting('1'), waiting('2')];
  expect(movesOf(jobs[0] as Job, jobs, { technicianId: 'b', startMs: at(10) }, rows, scale)).toEqual([
    { jobId: '1', technicianId: 'b', startMs: at(10) },
    { jobId: '2', technicianId: 'b', startMs: null },
  ]);
  const both = [visit('1', 'a', 9), visit('2', 'a', 11)];
  const moves = movesOf(both[0] as Job, both, { technicianId: 'b', startMs: null }, rows, scale);
  expect(moves.map((move) => move.startMs)).toEqual([null, null]);
});

test('a visit grows on the step, and not into the next one', () => {
  expect([0, 62, 63, 5000].map(snappedDuration)).toEqual([5, 60, 65, 720]);
  const route = [visit('1', 'a', 9), visit('2', 'a', 11)];
  expect(runsInto(route[0] as PlacedJob, 120, route)).toBeNull();
  expect(runsInto(route[0] as PlacedJob, 125, route)?.id).toBe('2');
});

test('a range goes from the last click to this one, in the order of the list', () => {
  const order = ['a', 'b', 'c', 'd'];
  selectOnly('b');
  selectRange('d', order);
  expect([...selection.value]).toEqual(['b', 'c', 'd']);
  toggle('c');
  expect([...selection.value]).toEqual(['b', 'd']);
  selectRange('a', order);
  expect([...selection.value]).toEqual(['a', 'b', 'c']);
  selectOnly('x');
  selectRange('b', order);
  expect([...selection.value]).toEqual(['b']);
  selectAll(order);
  expect(selection.value.size).toBe(4);
  selectOnly(null);
  expect(selection.value.size).toBe(0);
});

import { expect, test } from 'vitest';
import type { Job, JobStatus } from '../api/types';
import { arrivedInTime, delayMin, minutesLeft, presses, promiseState } from './promise';

const at = (hm: string): string => `2026-11-23T${hm}:00-05:00`;
const now = Date.parse(at('09:50'));

function job(status: JobStatus, start: string, window: [string, string] | null, eta?: string): Job {
  return {
    id: 'job_1',
    status,
    customer_id: 'c',
    location_id: 'l',
    title: 't',
    duration_min: 60,
    priority: 'normal',
    skills: [],
    version: 1,
    arrival_window: window && { start: at(window[0]), end: at(window[1]) },
    visit: {
      id: 'v',
      technician_id: 'tech',
      start: at(start),
      end: at(start),
      status,
      eta: eta ? { at: at(eta), low: at(eta), high: at(eta) } : null,
    },
  };
}

test('fifty-five minutes away from a 10:00–10:30 promise is broken by fifteen', () => {
  const late = job('en_route', '10:00', ['10:00', '10:30'], '10:45');
  expect(minutesLeft(late, now)).toBe(-15);
  expect(promiseState(late, now)).toBe('broken');
  expect(delayMin(late)).toBe(45);
});

test('less than ten minutes of slack is a risk, more is calm', () => {
  expect(promiseState(job('planned', '10:00', ['10:00', '10:30'], '10:25'), now)).toBe('at-risk');
  expect(promiseState(job('planned', '10:00', ['10:00', '10:30'], '10:15'), now)).toBe('soon');
  expect(promiseState(job('planned', '13:00', ['13:00', '15:00']), now)).toBe('kept');
});

test('a planned start that has passed without anyone arriving counts as now', () => {
  expect(minutesLeft(job('planned', '09:00', ['09:00', '09:55']), now)).toBe(5);
  expect(promiseState(job('planned', '09:00', ['09:00', '09:40']), now)).toBe('broken');
});

test('under way is blue while the promise holds; arrived is kept; finished fades', () => {
  expect(promiseState(job('en_route', '10:00', ['10:00', '10:30'], '10:05'), now)).toBe('moving');
  expect(promiseState(job('on_site', '09:00', ['09:00', '09:10']), now)).toBe('kept');
  expect(promiseState(job('done', '09:00', ['09:00', '09:10']), now)).toBe('done');
  expect(minutesLeft(job('on_site', '09:00', ['09:00', '09:10']), now)).toBeNull();
});

test('a single time told is kept within ten minutes, and broken beyond', () => {
  const told = job('en_route', '10:00', ['10:00', '10:30'], '10:45');
  told.visit!.promise = { number: 2, start: at('10:45'), end: at('10:45'), told_at: at('09:50'), is_eta: true };
  expect(promiseState(told, now)).toBe('moving');
  told.visit!.eta!.at = at('10:56');
  expect(promiseState(told, now)).toBe('broken');
});

test('an arrival is in time by the promise that stood', () => {
  const here = job('on_site', '10:00', ['10:00', '10:30']);
  expect(arrivedInTime({ ...here, visit: { ...here.visit!, on_site_at: at('10:20') } })).toBe(true);
  expect(arrivedInTime({ ...here, visit: { ...here.visit!, on_site_at: at('10:31') } })).toBe(false);
});

test('who was told an hour and whom nobody visits stands by the end of what was told', () => {
  const promise = { number: 1, start: at('09:00'), end: at('10:30'), told_at: at('08:00') };
  const freed = { ...job('unassigned', '09:00', ['08:00', '12:00']), visit: null, promise };
  expect(minutesLeft(freed, now)).toBe(40);
  expect(promiseState(freed, now)).toBe('at-risk');
  expect(promiseState(freed, Date.parse(at('10:31')))).toBe('broken');
  expect(presses(freed, Date.parse(at('06:00')))).toBe(true);
  const asked = { ...freed, promise: null };
  expect(minutesLeft(asked, now)).toBeNull();
  expect(promiseState(asked, now)).toBe('soon');
  expect([at('10:59'), at('11:01'), at('12:30')].map((then) => presses(asked, Date.parse(then)))).toEqual([
    false,
    true,
    true,
  ]);
});

test('the last window told to the customer counts, not the one first asked for', () => {
  const moved = job('planned', '11:00', ['08:00', '09:00']);
  moved.visit!.promise = { number: 2, start: at('11:00'), end: at('12:00'), told_at: at('09:00') };
  expect(minutesLeft(moved, now)).toBe(60);
});

test('what waits to be told counts only where nothing was told before', () => {
  const next_promise = { number: 2, start: at('10:45'), end: at('10:45'), told_at: at('09:50'), is_eta: true };
  const waiting = job('en_route', '10:00', ['10:00', '10:30'], '10:45');
  waiting.visit!.promise = { number: 1, start: at('10:00'), end: at('10:30'), told_at: at('08:00') };
  waiting.visit!.next_promise = next_promise;
  expect(minutesLeft(waiting, now)).toBe(-15);
  waiting.visit!.promise = null;
  expect(minutesLeft(waiting, now)).toBe(10);
});

// A dispatcher's move against a server that we play: the ghost until the event, and the way home when refused.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '../api/types';
import { draftName } from '../drafts/name';
import { breakingAsked } from '../ledger/breaking';
import { toasts } from '../ui/toasts';
import { words } from '../words';
import { firm } from '../words/blanks';
import { assign, unassign } from './moves';
import { board, load, pending, placing, select, selectedJob, stop } from './store';
import { forgetUndo, undoLast } from './undo';
import { EMPTY, routesOf } from './state';

const START = '2026-11-23T15:00:00Z';
const job = (over: Partial<Job> = {}): Job => ({
  id: 'job_1',
  status: 'planned',
  customer_id: 'c',
  location_id: 'l',
  title: 'Installation',
  duration_min: 60,
  priority: 'normal',
  skills: [],
  arrival_window: null,
  version: 10,
  visit: { id: 'v1', technician_id: 'tech_ana', start: START, end: '2026-11-23T16:00:00Z', status: 'planned' },
  ...over,
});

let asked: { path: string; body: Record<string, unknown>; key: string | null }[] = [];
let answer: { status: number; body: unknown };

beforeEach(() => {
  vi.useFakeTimers();
  words.global.locale.value = 'fr';
  toasts.value = [];
  pending.clear();
  forgetUndo();
  select(null);
  asked = [];
  board.value = {
    ...EMPTY,
    seq: 10,
    date: '2026-11-23',
    technicians: {
      tech_ana: { id: 'tech_ana', name: 'Ana Roy', shifts: [] },
      tech_luc: { id: 'tech_luc', name: 'Luc Côté', shifts: [] },
    },
    jobs: { job_1: job() },
  };
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({
      path,
      body: JSON.parse(String(init.body)) as Record<string, unknown>,
      key: new Headers(init.headers).get('Idempotency-Key'),
    });
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const moved = (): Job =>
  job({ version: 11, visit: { ...job().visit!, technician_id: 'tech_luc', start: '2026-11-23T18:30:00Z' } });

test('a move stands as a ghost, with the bar where it was, until its event has been applied', async () => {
  answer = { status: 200, body: moved() };
  const done = assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  expect(pending.get('job_1')?.technician_id).toBe('tech_luc');
  expect(routesOf(board.value)['tech_ana']).toHaveLength(1);
  await done;
  expect(asked[0]).toMatchObject({
    path: '/dispatch/assign',
    body: { job_id: 'job_1', technician_id: 'tech_luc', start: '2026-11-23T18:30:00Z', version: 10 },
  });
  expect(asked[0]?.key).toBeTruthy();
  expect(routesOf(board.value)['tech_ana']).toHaveLength(1);
  board.value = { ...board.value, seq: 11, jobs: { job_1: moved() } };
  await vi.advanceTimersByTimeAsync(0);
  expect(pending.size).toBe(0);
  expect(routesOf(board.value)['tech_luc']).toHaveLength(1);
});

test('a conflict sends the ghost home and says who and what, in the server’s words', async () => {
  const theirs = job({ version: 12, title: 'Changé par Marc' });
  answer = { status: 409, body: { title: 'conflict', detail: 'Marc Roy a déplacé ce travail.', current: theirs } };
  await assign('job_1', 'tech_luc', Date.parse(START));
  expect(pending.size).toBe(0);
  expect(toasts.value.at(-1)).toMatchObject({
    tone: 'refusal',
    text: firm('Pas fait : Marc Roy a déplacé ce travail.'),
  });
  expect(board.value.jobs['job_1']?.title).toBe('Changé par Marc');
});

test('a rule that may be overridden offers to insist, and says which rule it overrides', async () => {
  answer = { status: 422, body: { detail: 'Luc n’a pas la compétence.', code: 'board.technician_lacks_skill' } };
  await assign('job_1', 'tech_luc', Date.parse(START));
  const offer = toasts.value.at(-1)?.insist;
  expect(offer?.words).toBe('Confier quand même');
  answer = { status: 200, body: moved() };
  offer?.run();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[1]?.body).toMatchObject({ technician_id: 'tech_luc', override: ['skill'] });
});

const undone = {
  act: 11,
  what: { fr: 'Visite chez Roy déplacée', en: 'Visit to Roy moved' },
  late: false,
  job_ids: [],
};

test('undo asks the server to take that very act back, and says what it was', async () => {
  answer = { status: 200, body: moved() };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  expect(toasts.value.at(-1)?.text).toBe('Déplacée à 13\u00a0h\u00a030, Luc Côté.');
  answer = { status: 200, body: undone };
  undoLast();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked[1]).toMatchObject({ path: '/dispatch/undo', body: { act: 11 } });
  expect(toasts.value.at(-1)?.text).toBe(firm('Annulé : Visite chez Roy déplacée'));
  // And the note offers the way forward again.
  toasts.value.at(-1)?.insist?.run();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked[2]?.path).toBe('/dispatch/redo');
});

test('a job taken off comes back by the same way, and a text that had left is spoken of', async () => {
  answer = { status: 200, body: job({ version: 11, status: 'unassigned', visit: null }) };
  await unassign('job_1');
  expect(toasts.value.at(-1)?.text).toBe(firm('Remise à placer : Installation.'));
  answer = { status: 200, body: { ...undone, late: true } };
  undoLast();
  await vi.advanceTimersByTimeAsync(10);
  expect(asked[1]).toMatchObject({ path: '/dispatch/undo', body: { act: 11 } });
  expect(toasts.value.at(-1)?.warning).toMatch(/attend votre accord/);
});

test('a way back that is refused is not called done', async () => {
  answer = { status: 200, body: moved() };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  answer = { status: 409, body: { detail: 'Max a changé ceci depuis.', code: 'undo.touched_since' } };
  undoLast();
  await vi.advanceTimersByTimeAsync(10);
  expect(toasts.value.map((one) => one.text)).toEqual(['Max a changé ceci depuis.']);
});

test('what the server warns of stands in the note, beside the way back', async () => {
  const warnings = { fr: ['27 min de route avant la suite, 0 min libre.'], en: ['27 min of driving, 0 free.'] };
  answer = { status: 200, body: { ...moved(), warnings } };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  expect(toasts.value.at(-1)?.warning).toBe('27 min de route avant la suite, 0 min libre.');
  expect(toasts.value.at(-1)?.undo).toBeTruthy();
});

test('where the time is taken the first free slot is offered', async () => {
  answer = { status: 409, body: { detail: 'Luc est pris.', code: 'board.overlap', current: job() } };
  await assign('job_1', 'tech_luc', Date.parse(START));
  const offer = toasts.value.at(-1)?.insist;
  expect(offer?.words).toBe('À sa première place libre');
  answer = { status: 200, body: moved() };
  offer?.run();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[1]?.body).toEqual({ job_id: 'job_1', technician_id: 'tech_luc', guard_promises: true, version: 10 });
});

test('Ctrl-Z asks the server also where nothing is offered here, and says so where there is nothing', async () => {
  answer = { status: 404, body: { detail: '', code: 'undo.nothing' } };
  undoLast();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[0]).toMatchObject({ path: '/dispatch/undo', body: {} });
  expect(toasts.value.at(-1)?.text).toMatch(/^Rien à annuler/);
});

test('with two moves Ctrl-Z takes back the newest, then the other', async () => {
  answer = { status: 200, body: moved() };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  await vi.advanceTimersByTimeAsync(1);
  answer = { status: 200, body: { ...moved(), version: 12 } };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T19:30:00Z'));
  answer = { status: 200, body: undone };
  undoLast();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[2]?.body).toEqual({ act: 12 });
  undoLast();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[3]?.body).toEqual({ act: 11 });
});

test('a picked job that does not wait on the next day is let go, aloud', async () => {
  const waiting = job({ status: 'unassigned', visit: null, customer_name: 'Julie Roy' });
  board.value = { ...board.value, jobs: { job_1: waiting } };
  select('job_1');
  expect(placing.value).toBe('job_1');
  vi.stubGlobal(
    'WebSocket',
    class {
      close(): void {}
    },
  );
  const empty = { seq: 11, date: '2026-11-24', technicians: [], pool: [], drafts: [] };
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(empty), { status: 200 })));
  await load('2026-11-24');
  expect([placing.value, selectedJob.value]).toEqual([null, null]);
  expect(toasts.value.at(-1)?.text).toBe(firm('Julie Roy n’attend pas ce jour-là : le choix est levé.'));
  stop();
});

test('what was put somewhere is told by that hour, and waits for no click any more, whoever of its stop was answered', async () => {
  board.value = { ...board.value, jobs: { job_1: job({ status: 'unassigned', visit: null }) } };
  select('job_1');
  answer = { status: 200, body: { ...moved(), version: 12 } };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T15:50:00Z'));
  expect(toasts.value.at(-1)?.text).toContain('10\u00a0h\u00a050');
  await vi.advanceTimersByTimeAsync(3_001);
  expect(board.value.jobs['job_1']?.status).toBe('planned');
  expect(placing.value).toBeNull();
});

test('a job that was drafted, or comes back into the pool, waits for no click', async () => {
  const waiting = job({ status: 'unassigned', visit: null });
  board.value = { ...board.value, jobs: { job_1: waiting } };
  select('job_1');
  draftName.value = 'demain';
  answer = { status: 200, body: { ...waiting, version: 11 } };
  await assign('job_1', 'tech_luc', Date.parse(START));
  draftName.value = null;
  expect([board.value.jobs['job_1']?.status, placing.value]).toEqual(['unassigned', null]);
  // Placed by a colleague, and sent back while it is still selected.
  select('job_1');
  expect(placing.value).toBe('job_1');
  board.value = { ...board.value, jobs: { job_1: moved() } };
  await vi.advanceTimersByTimeAsync(0);
  board.value = { ...board.value, jobs: { job_1: { ...waiting, version: 12 } } };
  expect([selectedJob.value, placing.value]).toEqual(['job_1', null]);
});

test('while the line is down the answer itself is taken, so that no ghost stands for ever', async () => {
  answer = { status: 200, body: moved() };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  await vi.advanceTimersByTimeAsync(1);
  expect(pending.size).toBe(0);
  expect(routesOf(board.value)['tech_luc']).toHaveLength(1);
});

test('a server that does not answer is said so, and nothing moves', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('down')));
  await assign('job_1', 'tech_luc', Date.parse(START));
  expect(toasts.value.at(-1)?.text).toBe(firm('Pas fait : le serveur ne répond pas.'));
  expect(routesOf(board.value)['tech_ana']).toHaveLength(1);
});

test('a move that breaks what a text said asks why first, and goes on with the reason', async () => {
  const promise = { start: START, end: '2026-11-23T16:00:00Z' };
  const text = { to: '+14505550102', body: firm('Tournée : visite reportée') };
  answer = { status: 409, body: { detail: 'Le client attend.', code: 'promise.broken', promise, text } };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  expect(asked[0]?.body).toMatchObject({ guard_promises: true });
  expect(breakingAsked.value?.broken.text?.body).toBe(firm('Tournée : visite reportée'));
  answer = { status: 200, body: moved() };
  breakingAsked.value?.go({ reason: 'urgence', tell: false });
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[1]?.body).toMatchObject({ break_promise: { reason: 'urgence', tell: false } });
  breakingAsked.value = null;
});

test('while one works in a draft, what is moved goes there and guards nothing', async () => {
  draftName.value = 'demain';
  answer = { status: 200, body: job({ version: 11 }) };
  await assign('job_1', 'tech_luc', Date.parse('2026-11-23T18:30:00Z'));
  expect(asked[0]?.body).toMatchObject({ draft: 'demain' });
  expect(asked[0]?.body).not.toHaveProperty('guard_promises');
  await unassign('job_1');
  expect(asked[1]).toMatchObject({ path: '/dispatch/unassign', body: { draft: 'demain' } });
  expect(pending.size).toBe(0);
  draftName.value = null;
});

// A dispatcher plans against a server that we play: search, look, apply; and what is told when the day was quicker.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Figures, Optimised, Proposal } from '../api/types';
import { toasts } from '../ui/toasts';
import { words } from '../words';
import { firm } from '../words/blanks';
import { apply } from './apply';
import * as planning from './planning';
import { imagined, takenOff } from './imagining';
import { board, declined } from './store';
import { forgetUndo, undoLast } from './undo';
import { EMPTY } from './state';

const figures: Figures = {
  planned: 1,
  unassigned: 1,
  lost_priority: 1,
  driving_min: 30,
  km: 20,
  technicians: 1,
  promises_kept: 0,
  promises: 0,
};
const found = (over: Partial<Optimised> = {}): Optimised => ({
  id: 'plan_1',
  date: '2026-11-23',
  based_on: 10,
  applied: false,
  changes: [
    {
      job_id: 'job_1',
      title: 'Installation',
      technician_id: 'tech_luc',
      technician_name: 'Luc Côté',
      start: '2026-11-23T15:00:00Z',
      end: '2026-11-23T16:00:00Z',
      travel_min: 12,
      before: null,
      reasons: { fr: [], en: [] },
    },
  ],
  unassigned: [],
  set_aside: [],
  before: figures,
  after: { ...figures, planned: 2, unassigned: 0 },
  ...over,
});
const { applied: _applied, set_aside: _setAside, ...shape } = found();
void [_applied, _setAside];
const proposal = (id = 'plan_9'): Proposal => ({
  ...shape,
  id,
  made_at: '2026-11-23T15:00:00Z',
  why: { kind: 'late', job_ids: ['job_1'], technician_ids: [] },
  reasons: { fr: ['Ana est en retard.'], en: ['Ana runs late.'] },
});

let asked: { path: string; body: Record<string, unknown> }[] = [];
let answer: { status: number; body: unknown };

beforeEach(() => {
  vi.useFakeTimers();
  words.global.locale.value = 'fr';
  toasts.value = [];
  asked = [];
  board.value = { ...EMPTY, seq: 10, date: '2026-11-23' };
  planning.leave();
  declined.value = new Map();
  forgetUndo();
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({ path, body: JSON.parse(String(init.body)) as Record<string, unknown> });
    return Promise.resolve(new Response(JSON.stringify(answer.body), { status: answer.status }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a search shows its plan on the timeline, and applying sends back that very plan', async () => {
  answer = { status: 200, body: found() };
  planning.choose();
  await planning.plan();
  expect(asked[0]).toEqual({
    path: '/dispatch/optimize',
    body: { date: '2026-11-23', seconds: 2, mode: 'preview' },
  });
  expect(planning.stage.value).toBe('shown');
  expect(planning.previewed.value.map((one) => one.job_id)).toEqual(['job_1']);
  answer = { status: 200, body: found({ applied: true }) };
  await planning.carryOut();
  expect(asked[1]?.body).toEqual({ date: '2026-11-23', plan_id: 'plan_1', mode: 'apply' });
  expect(planning.stage.value).toBeNull();
  expect(planning.previewed.value).toEqual([]);
  expect(toasts.value.at(-1)?.text).toBe(firm('Plan appliqué : 1 intervention placée.'));
});

test('a plan that the day has overtaken is told in words for people, and nothing stays drawn', async () => {
  answer = { status: 200, body: found() };
  await planning.plan();
  answer = { status: 409, body: { code: 'optimise.stale', detail: 'stale' } };
  await planning.carryOut();
  expect(planning.stage.value).toBe('refused');
  expect(planning.refusal.value).toBe('La journée a changé depuis que ce plan a été fait.');
  expect(planning.previewed.value).toEqual([]);
});

test('who leaves during the search is not called back by its answer', async () => {
  answer = { status: 200, body: found() };
  const searching = planning.plan();
  expect(planning.stage.value).toBe('searching');
  planning.leave();
  await searching;
  expect(planning.stage.value).toBeNull();
  expect(planning.shown.value).toBeNull();
});

test('another day on the board ends what was being looked at', async () => {
  answer = { status: 200, body: found() };
  await planning.plan();
  board.value = { ...board.value, date: '2026-11-24' };
  expect(planning.stage.value).toBeNull();
});

const heard = (type: string, data: Record<string, unknown>, seq: number): void => {
  board.value = apply(board.value, { seq, at: '2026-11-23T10:00:00-05:00', type, topic: 'dispatch', data });
};

test('a proposal is offered when it arrives, replaced by a newer one, and gone when it is gone', () => {
  heard('plan.proposed', { proposal: proposal() }, 11);
  expect(planning.offered.value?.id).toBe('plan_9');
  heard('plan.proposed', { proposal: proposal('plan_10') }, 12);
  heard('plan.gone', { proposal_id: 'plan_9', date: '2026-11-23', how: 'replaced' }, 13);
  expect(planning.offered.value?.id).toBe('plan_10');
  heard('plan.gone', { proposal_id: 'plan_10', date: '2026-11-23', how: 'dismissed' }, 14);
  expect(planning.offered.value).toBeNull();
});

test('a proposal is accepted by its own door; one taken away under our eyes is said to be gone', async () => {
  heard('plan.proposed', { proposal: proposal() }, 11);
  planning.look(proposal());
  answer = { status: 200, body: { proposal_id: 'plan_9', applied: true, changes: [] } };
  await planning.carryOut();
  expect(asked[0]?.path).toBe('/dispatch/proposals/plan_9/accept');
  expect(planning.stage.value).toBeNull();

  heard('plan.proposed', { proposal: proposal('plan_10') }, 12);
  planning.look(proposal('plan_10'));
  heard('plan.gone', { proposal_id: 'plan_10', date: '2026-11-23', how: 'stale' }, 13);
  expect(planning.stage.value).toBe('refused');
});

test('an applied plan is taken back by Ctrl-Z, as one, and says what was moved and what was placed', async () => {
  const before = { technician_id: 'tech_ana', technician_name: 'Ana', start: '2026-11-23T14:00:00Z', end: '' };
  const two = [...found().changes, { ...found().changes[0]!, job_id: 'job_2', before }];
  answer = { status: 200, body: found({ changes: two }) };
  await planning.plan();
  await planning.carryOut();
  expect(toasts.value.at(-1)?.text).toBe(firm('Plan appliqué : 1 visite déplacée et 1 intervention placée.'));
  undoLast();
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[2]).toEqual({
    path: '/dispatch/optimize',
    body: { date: '2026-11-23', plan_id: 'plan_1', mode: 'undo' },
  });
  expect(toasts.value.at(-1)?.text).toBe(firm('Annulé : tout est comme avant.'));
});

test('a plan on which the day has moved on is not said to be undone', async () => {
  answer = { status: 200, body: found() };
  await planning.plan();
  await planning.carryOut();
  answer = { status: 409, body: { code: 'optimise.stale', detail: 'stale' } };
  undoLast();
  await vi.advanceTimersByTimeAsync(1);
  expect(toasts.value.map((one) => one.text)).toEqual([
    firm('Pas annulé : la journée a changé depuis. Déplacez les visites une à une.'),
  ]);
});

test('what was dismissed or undone is not proposed again at another minute, but something else is', async () => {
  heard('plan.proposed', { proposal: proposal() }, 11);
  answer = { status: 200, body: {} };
  await planning.dismissProposal(proposal());
  const later = { ...shape.changes[0]!, start: '2026-11-23T15:01:00Z' };
  heard('plan.proposed', { proposal: { ...proposal('plan_10'), changes: [later] } }, 12);
  expect(planning.offered.value).toBeNull();
  const other = { ...later, technician_id: 'tech_ana' };
  heard('plan.proposed', { proposal: { ...proposal('plan_11'), changes: [later, other] } }, 13);
  expect(planning.offered.value?.id).toBe('plan_11');
});

test('what an imagined day moves, gives or takes off is drawn as leaving; with it gone, nothing is', () => {
  planning.leave();
  imagined.value = shape.changes;
  takenOff.value = ['job_2'];
  expect([...planning.leavers.value]).toEqual(['job_1', 'job_2']);
  imagined.value = takenOff.value = [];
  expect(planning.leavers.value.size).toBe(0);
});

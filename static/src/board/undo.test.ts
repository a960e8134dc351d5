// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { acting } from '../api/client';
import { takeBack } from '../undo/back';
import { toasts } from '../ui/toasts';
import { t } from '../words';
import { noteRefused, offerUndo, undoLast } from './undo';

/** Paths and bodies of what was asked. */
let asked: [string, unknown][] = [];
/** What the server names the act of its next answer. */
let act = '';

vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
  asked.push([path, init.body ? JSON.parse(String(init.body)) : null]);
  const body = JSON.stringify({ act: 1, what: { fr: 'Fait', en: 'Done' }, late: false, job_ids: [] });
  return Promise.resolve(new Response(body, { status: 200, headers: act ? { 'Tournee-Act': act } : {} }));
});
afterEach(() => (asked = []));

test('an answer names its act', async () => {
  act = '20';
  expect((await acting('DELETE', '/tags/a')).act).toBe(20);
  act = '';
  expect((await acting('GET', '/tags')).act).toBe(0);
});

test('what did nothing takes nothing back, and not the newest', async () => {
  act = '';
  const { act: none } = await acting('POST', '/dispatch/auto-assign', {});
  await takeBack(none);
  expect(asked.at(-1)).toEqual(['/dispatch/undo', { act: 0 }]);
});

test('Ctrl-Z takes what is offered, unless something else was done since', async () => {
  act = '30';
  await acting('POST', '/dispatch/assign', {});
  const back = vi.fn(() => Promise.resolve(true));
  offerUndo('Placée', back);
  act = '31';
  await acting('DELETE', '/tags/a');
  act = '32';
  undoLast();
  expect(back).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(asked.at(-1)).toEqual(['/dispatch/undo', {}]));
});

test('Ctrl-Z takes what is offered where nothing is newer', async () => {
  act = '40';
  await acting('POST', '/dispatch/assign', {});
  const back = vi.fn(() => Promise.resolve(true));
  offerUndo('Placée', back);
  undoLast();
  expect(back).toHaveBeenCalledOnce();
});

test('after a refusal the first Ctrl-Z takes nothing back and says so, the second one does', async () => {
  act = '50';
  await acting('POST', '/dispatch/assign', {});
  const back = vi.fn(() => Promise.resolve(true));
  offerUndo('Placée', back);
  noteRefused();
  asked = [];
  undoLast();
  expect(back).not.toHaveBeenCalled();
  expect(asked).toEqual([]);
  expect(toasts.value.at(-1)?.text).toBe(t('undo.refused'));
  undoLast();
  expect(back).toHaveBeenCalledOnce();
});

test('what was done after a refusal is taken back at once', async () => {
  noteRefused();
  act = '51';
  await acting('POST', '/dispatch/assign', {});
  const back = vi.fn(() => Promise.resolve(true));
  offerUndo('Placée', back);
  undoLast();
  expect(back).toHaveBeenCalledOnce();
});

import { beforeEach, expect, test, vi } from 'vitest';
import { person } from '../house';
import { toasts } from '../ui/toasts';
import { undoApi } from './api';
import { changes, doAgain, noteDone, takeBack } from './back';

vi.mock('./api', () => ({ undoApi: { undo: vi.fn(), redo: vi.fn() } }));

const as = (role: string): void => {
  person.value = { role } as typeof person.value;
};
/** What stands at the bottom of the screen, each with whether it offers the way back. */
const notes = (): [string, boolean][] => toasts.value.map((one) => [one.text, !!one.undo]);

beforeEach(() => {
  toasts.value = [];
  const done = { act: 7, what: { fr: 'fait', en: 'done' } } as never;
  vi.mocked(undoApi.undo).mockReset().mockResolvedValue(done);
  vi.mocked(undoApi.redo).mockReset().mockResolvedValue(done);
  as('dispatcher');
});

test('a note takes back its own act, and whoever shows such things asks anew, after a redo as well', async () => {
  noteDone('Saved', 7);
  const before = changes.value;
  toasts.value[0]?.undo?.();
  await vi.waitFor(() => expect(changes.value).toBe(before + 1));
  expect(undoApi.undo).toHaveBeenCalledExactlyOnceWith(7);
  await doAgain(7);
  expect(changes.value).toBe(before + 2);
});

test('a note is gone once its act was taken back by another way; others stay', async () => {
  noteDone('Saved', 7);
  noteDone('Renamed', 8);
  await takeBack();
  expect(notes().slice(0, 1)).toEqual([['Renamed', true]]);
  expect(notes().some(([text]) => text === 'Saved')).toBe(false);
});

test('nothing is offered where nothing was changed, or to whoever may not take it back', () => {
  noteDone('Nothing new', 0);
  as('support');
  noteDone('Saved', 8);
  expect(notes()).toEqual([
    ['Nothing new', false],
    ['Saved', false],
  ]);
});

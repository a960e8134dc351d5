// @vitest-environment happy-dom
import { createApp, defineComponent, h } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refused, type Acted } from '../api/client';
import type { LiveEvent } from '../api/types';
import { passOn } from '../live/heard';
import { toasts } from '../ui/toasts';
import { changes, noteDone } from '../undo/back';
import { useKept, type Kept } from './kept';

vi.mock('../undo/back', async (real) => ({ ...(await real<object>()), noteDone: vi.fn() }));

interface Lift {
  id: string;
}

let stored: Lift[] = [];
let asked = 0;
let leave: () => void = () => undefined;

/** A page that follows the list, opened and filled. */
async function opened(): Promise<Kept<Lift>> {
  let kept: Kept<Lift> | undefined;
  const page = defineComponent(() => {
    kept = useKept<Lift>({
      all: () => {
        asked += 1;
        return Promise.resolve({ items: [...stored] });
      },
      told: 'lift.',
      stale: (who) => `${who} was quicker`,
    });
    return () => h('div');
  });
  const app = createApp(page);
  app.mount(document.createElement('div'));
  leave = () => app.unmount();
  await vi.waitFor(() => expect(kept?.loaded).toBe(true));
  return kept as Kept<Lift>;
}

beforeEach(() => {
  vi.mocked(noteDone).mockClear();
  stored = [{ id: 'a' }];
  asked = 0;
  toasts.value = [];
});
afterEach(() => leave());

const told = (type: string): LiveEvent => ({ seq: 7, at: '', type, topic: 'dispatch', data: {} });

test('a list hears of its own events while its page is open, and of no others', async () => {
  const kept = await opened();
  stored = [{ id: 'a' }, { id: 'b' }];
  passOn(told('job.moved'));
  expect(asked).toBe(1);
  passOn(told('lift.created'));
  await vi.waitFor(() => expect(kept.items.map((one) => one.id)).toEqual(['a', 'b']));
  leave();
  passOn(told('lift.created'));
  expect(asked).toBe(2);
});

test('who was too slow hears who was quicker, and sees what stands now', async () => {
  const kept = await opened();
  stored = [{ id: 'other' }];
  const stale = new Refused(409, 'stale', undefined, 'stale_version', [], {
    code: 'stale_version',
    changed_by: 'dispatch@demo.invalid',
    changed_by_name: 'Ana',
  });
  await kept.change(() => Promise.reject(stale), 'Changed');
  expect(toasts.value.map((one) => one.text)).toEqual(['Ana was quicker']);
  expect(kept.items).toEqual([{ id: 'other' }]);
});

test('a new one that is refused is said beside its field and nowhere else', async () => {
  const kept = await opened();
  const taken = new Refused(409, 'This name is taken.', undefined, 'lifts.name_taken', [], {});
  expect(await kept.make(() => Promise.reject(taken), 'Made')).toBe(false);
  expect(kept.wrong).toBe('This name is taken.');
  expect(toasts.value).toEqual([]);
  expect(noteDone).not.toHaveBeenCalled();
  expect(await kept.make(() => Promise.resolve({ answer: { id: 'b' }, act: 5 }), 'Made')).toBe(true);
  expect(kept.wrong).toBe('');
  expect(noteDone).toHaveBeenCalledExactlyOnceWith('Made', 5);
});

test('what was deleted is taken back by the server, as the act that it was', async () => {
  const kept = await opened();
  const remove = (): Promise<Acted<void>> => {
    stored = [];
    return Promise.resolve({ answer: undefined, act: 7 });
  };
  await kept.remove(remove, 'Deleted');
  expect(kept.items).toEqual([]);
  expect(noteDone).toHaveBeenCalledExactlyOnceWith('Deleted', 7);
  // Whatever was taken back, from here or by keys: the list asks anew.
  stored = [{ id: 'a' }];
  changes.value += 1;
  await vi.waitFor(() => expect(kept.items).toEqual([{ id: 'a' }]));
});

import { expect, test } from 'vitest';
import { addTo, flush, readQueue, removeFrom, standing, type Outcome, type Store, type Waiting } from './queue';

function store(initial: string | null = null): Store {
  let value = initial;
  return { read: () => value, write: (next) => (value = next) };
}

const press = (key: string, job: string, status: string, due = 0): Waiting => ({ key, job, status, at: 0, due });
const taken = async (): Promise<Outcome> => ({ kind: 'taken' });

test('what was pressed offline is sent once the line is back, in order, each under its own key', async () => {
  const s = store();
  addTo(s, press('k1', 'job_1', 'en_route'));
  addTo(s, press('k2', 'job_1', 'on_site'));
  const seen: string[] = [];
  const down = await flush(s, 10, async () => ({ kind: 'unreachable' }));
  expect(down.stuck).toBe(true);
  expect(readQueue(s)).toHaveLength(2);
  await flush(s, 10, async (one) => {
    seen.push(one.key);
    return { kind: 'taken' };
  });
  expect(seen).toEqual(['k1', 'k2']);
  expect(readQueue(s)).toEqual([]);
});

test('a step within the time to change one’s mind stays, and what follows it waits behind it', async () => {
  const s = store();
  addTo(s, press('k1', 'job_1', 'done', 10_000));
  addTo(s, press('k2', 'job_2', 'en_route', 0));
  expect(await flush(s, 5_000, taken)).toEqual({ sent: 0, refused: [], stuck: false });
  expect(await flush(s, 10_000, taken)).toEqual({ sent: 2, refused: [], stuck: false });
});

test('an undone step never leaves', async () => {
  const s = store();
  addTo(s, press('k1', 'job_1', 'done', 10_000));
  removeFrom(s, 'k1');
  expect((await flush(s, 20_000, taken)).sent).toBe(0);
});

test('a refusal is told and does not block what follows', async () => {
  const s = store();
  addTo(s, press('k1', 'job_1', 'done'));
  addTo(s, press('k2', 'job_2', 'en_route'));
  const result = await flush(s, 1, async (one) =>
    one.key === 'k1' ? { kind: 'refused', why: 'Déjà terminé.' } : { kind: 'taken' },
  );
  expect(result).toEqual({ sent: 1, refused: ['Déjà terminé.'], stuck: false });
});

test('the last press counts over what the server last said', () => {
  const queue = [press('a', 'job_1', 'en_route'), press('b', 'job_1', 'on_site')];
  expect(standing(queue, 'job_1', 'planned')).toBe('on_site');
  expect(standing(queue, 'job_2', 'planned')).toBe('planned');
});

test('a store that holds rubbish counts as empty', () => {
  expect(readQueue(store('{"a":1}'))).toEqual([]);
  expect(readQueue(store('not json'))).toEqual([]);
});

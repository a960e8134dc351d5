import { beforeEach, expect, it, vi } from 'vitest';
import { askAhead, boardOf } from './ahead';

let asked: string[] = [];
let refusing = false;

beforeEach(() => {
  asked = [];
  refusing = false;
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const query = new URLSearchParams(path.split('?')[1]);
    const body = { seq: asked.length, date: query.get('date') ?? '2026-11-23', days: Number(query.get('days')) };
    return Promise.resolve(new Response(JSON.stringify(refusing ? {} : body), { status: refusing ? 401 : 200 }));
  });
});

it('hands out what was asked ahead, once', async () => {
  askAhead('/?date=2026-11-24&days=3');
  expect((await boardOf('2026-11-24', 3)).seq).toBe(1);
  expect(asked).toEqual(['/dispatch/board?date=2026-11-24&days=3']);
  expect((await boardOf('2026-11-24', 3)).seq).toBe(2);
});

it('asks for today where the address names no day, and again where another is wanted', async () => {
  askAhead('/');
  expect((await boardOf('2026-11-23', 1)).seq).toBe(1);
  askAhead('/');
  expect((await boardOf('2026-11-25', 1)).date).toBe('2026-11-25');
  expect(asked).toHaveLength(3);
});

it('asks nothing ahead of another page, and asks again after a refusal', async () => {
  askAhead('/outbox');
  expect(asked).toEqual([]);
  refusing = true;
  askAhead('/');
  refusing = false;
  expect((await boardOf('2026-11-23', 1)).seq).toBe(2);
});

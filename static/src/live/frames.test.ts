import { expect, test } from 'vitest';
import { backOffMs, parseFrames } from './frames';

test('a frame is given once it has ended, whatever the chunks', () => {
  const first = parseFrames('id: 7\nevent: job.moved\ndata: {"seq":7}\n\nid: 8\neve');
  expect(first.frames).toEqual([{ id: '7', event: 'job.moved', data: '{"seq":7}' }]);
  const second = parseFrames(first.rest + 'nt: job.status\ndata: {}\n\n');
  expect(second.frames).toEqual([{ id: '8', event: 'job.status', data: '{}' }]);
  expect(second.rest).toBe('');
});

test('comments and blocks without data make no frame; several data lines are one text', () => {
  const { frames } = parseFrames(': ping\n\nretry: 3000\n\ndata: a\ndata: b\r\n\r\n');
  expect(frames).toEqual([{ id: null, event: 'message', data: 'a\nb' }]);
});

test('the wait grows, is bounded, and is spread', () => {
  expect(backOffMs(0, () => 0)).toBe(250);
  expect(backOffMs(0, () => 1)).toBe(500);
  expect(backOffMs(20, () => 1)).toBe(15_000);
  expect(backOffMs(3, () => 0)).toBeLessThan(backOffMs(3, () => 0.9));
});

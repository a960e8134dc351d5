import { expect, test } from 'vitest';
import { wordFor } from './wrong';

const say = (key: string): string => key;

test('what the server found is told by its place, in the language of the page', () => {
  expect(wordFor('/skills/3/tag', 'There is no tag of this name.', say)).toBe('team.wrong.tag');
  expect(wordFor('/gps_device_id', 'taken', say)).toBe('team.wrong.tracker');
  expect(wordFor('/weekly_schedule/mon/0/end', 'The end must differ from the start.', say)).toBe('team.wrong.same');
});

test('what this page found is told by its own word, what nobody knows as it was said', () => {
  expect(wordFor('/weekly_schedule/mon/1/start', 'overlap', say)).toBe('team.wrong.overlap');
  expect(wordFor('/language', 'unknown variant', say)).toBe('unknown variant');
});

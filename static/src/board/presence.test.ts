import { expect, test } from 'vitest';
import type { LiveEvent } from '../api/types';
import { forgetSilent, hearPresence, lookers, present, SILENT_MS } from './presence';

const word = (window: string, doing: string, job_ids: string[] = []): LiveEvent => ({
  seq: null,
  at: '',
  type: 'presence',
  topic: 'dispatch',
  data: { window, name: 'Béa Côté', doing, job_ids },
});

test('who looks at a job is known until they let go, leave, or fall silent', () => {
  expect(hearPresence(word('w1', 'looks', ['j1']), 0)).toBe(true);
  expect(lookers('j1').map((one) => [one.initials, one.doing])).toEqual([['BC', 'looks']]);
  expect(hearPresence(word('w1', 'drags', ['j2']), 1_000)).toBe(false);
  expect(lookers('j1')).toEqual([]);
  expect(lookers('j2')).toHaveLength(1);
  hearPresence(word('w2', 'looks'), 1_000);
  expect(present.value).toHaveLength(2);
  hearPresence(word('w2', 'leaves'), 2_000);
  expect(present.value).toHaveLength(1);
  forgetSilent(1_000 + SILENT_MS);
  expect(present.value).toEqual([]);
});

import { beforeEach, expect, test } from 'vitest';
import { toast, toasts } from './toasts';

beforeEach(() => (toasts.value = []));

test('the same refusal three times over is one note, and three notes at most stand', () => {
  for (let i = 0; i < 3; i += 1) toast('Luc est pris.', { tone: 'refusal' });
  expect(toasts.value.map((one) => one.text)).toEqual(['Luc est pris.']);
  for (const text of ['a', 'b', 'c']) toast(text);
  expect(toasts.value.map((one) => one.text)).toEqual(['a', 'b', 'c']);
});

import { expect, test } from 'vitest';
import { freshColour } from './colours';

test('a new skill gets a colour that no other has, as long as there is one', () => {
  const tags: { color: string | null }[] = [{ color: null }];
  for (let i = 0; i < 8; i += 1) tags.push({ color: freshColour(tags) });
  expect(new Set(tags.map((tag) => tag.color)).size).toBe(9);
  expect(freshColour(tags)).toBe('#2f6fde');
});

import { nextTick, ref } from 'vue';
import { expect, test } from 'vitest';
import { typed } from './typed';

test('what is being typed stays when others change what it will replace', async () => {
  const known = ref(1);
  const field = typed(() => known.value);
  field.hold();
  field.shown.value = 3;
  known.value = 2;
  await nextTick();
  expect(field.shown.value).toBe(3);
  field.letGo();
  expect(field.shown.value).toBe(2);
  known.value = 4;
  await nextTick();
  expect(field.shown.value).toBe(4);
  field.hold();
  field.shown.value = 5;
  field.given();
  expect(field.shown.value).toBe(5);
  known.value = 6;
  await nextTick();
  expect(field.shown.value).toBe(6);
});

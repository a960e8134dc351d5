// @vitest-environment happy-dom
import { createApp, nextTick } from 'vue';
import { expect, test } from 'vitest';
import { speak, words } from '../words';
import Toasts from './Toasts.vue';
import { assertive, polite } from './toasts';

test('what was read out in one language is gone in the other', async () => {
  await speak('fr');
  const place = document.body.appendChild(document.createElement('div'));
  const app = createApp(Toasts).use(words);
  app.mount(place);
  const regions = (): (string | null)[] =>
    [...place.querySelectorAll('[aria-live]')].map((region) => region.textContent);
  [polite.value, assertive.value] = ['Plan proposé', 'La liaison est perdue'];
  await nextTick();
  expect(regions()).toEqual(['Plan proposé', 'La liaison est perdue']);
  await speak('en');
  await nextTick();
  await nextTick();
  expect(regions()).toEqual(['', '']);
  app.unmount();
});

import { expect, test } from 'vitest';
import { pieces } from './body';

test('a signed link is shown short and leads to the page of this house', () => {
  const token = `eyJ0eXAi.${'x'.repeat(80)}.signature-of-it`;
  expect(pieces(`Fibre : nous arrivons. Suivi : https://example.org/track/${token}`)).toEqual([
    { text: 'Fibre : nous arrivons. Suivi : ' },
    { text: '…/track/…ignature-of-it', href: `/track/${token}` },
  ]);
});

test('a text without a link, or with a foreign one, stays as it is', () => {
  expect(pieces('Merci')).toEqual([{ text: 'Merci' }]);
  expect(pieces('Voir https://example.org/a puis')).toEqual([
    { text: 'Voir ' },
    { text: 'https://example.org/a' },
    { text: ' puis' },
  ]);
});

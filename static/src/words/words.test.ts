import { expect, test } from 'vitest';
import en from './en';
import fr from './fr';
import { firm } from './blanks';
import { inFrench, words } from './index';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as string).sort();

test('French and English have the same keys, with the same places to fill, and none is empty', () => {
  const english = new Map(leaves(en));
  const french = new Map(leaves(fr));
  expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [key, text] of english) {
    expect(places(french.get(key) ?? ''), key).toEqual(places(text));
    expect(text.trim().length, key).toBeGreaterThan(0);
    expect((french.get(key) ?? '').trim().length, key).toBeGreaterThan(0);
  }
});

test('no text shouts, and none says more than its language needs of the machine', () => {
  for (const [key, text] of [...leaves(en), ...leaves(fr)]) {
    expect(text, key).not.toMatch(/!|oops|error|erreur/i);
  }
});

test('in French nothing and one are singular, two are not', () => {
  words.global.locale.value = 'fr';
  const said = [0, 1, 2].map((n) => words.global.t('strip.count', { n }, n));
  expect(said).toEqual(['0 plage à venir', '1 plage à venir', '2 plages à venir']);
  words.global.locale.value = 'en';
  expect(words.global.t('timeline.technicians', { n: 1 }, 1)).toBe('1 technician');
  expect(words.global.t('timeline.technicians', { n: 0 }, 0)).toBe('0 technicians');
});

test('of three French forms the first is for none', () => {
  expect([0, 1, 2, 46].map((n) => inFrench(n, 3))).toEqual([0, 1, 2, 2]);
  expect([0, 1, 2, 46].map((n) => inFrench(n, 2))).toEqual([0, 0, 1, 1]);
});

test('French puts a space before its double signs, English does not', () => {
  for (const [key, text] of leaves(fr)) expect(text, key).not.toMatch(/[^\s\d][;:](\s|$)/);
  for (const [key, text] of leaves(en)) expect(text, key).not.toMatch(/\s[;:]/);
});

test('in French no line begins with a sign or ends with an opening guillemet', () => {
  words.global.locale.value = 'fr';
  expect(firm('Déjà fait : « oui » ? Bien ; fini.')).toBe(
    'Déjà fait\u00a0: «\u00a0oui\u00a0»\u00a0? Bien\u00a0; fini.',
  );
  const shown = words.global.t('drafts.into', { name: 'Demain' });
  expect(shown).toContain('«\u00a0Demain\u00a0»');
});

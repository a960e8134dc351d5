// The words of the board in the language the person chose; kept in this browser.
import { createI18n } from 'vue-i18n';
import type { Language } from '../api/types';
import { firmAll } from './blanks';

const KEY = 'tournee.language';

function remembered(): Language | null {
  const value = localStorage.getItem(KEY);
  return value === 'fr' || value === 'en' ? value : null;
}

/** The words of one language are fetched, not those of both. */
const LISTS = {
  fr: async () => firmAll((await import('./fr')).default),
  en: async () => (await import('./en')).default,
};

export const words = createI18n({
  legacy: false,
  locale: remembered() ?? (navigator.language.startsWith('en') ? 'en' : 'fr'),
  fallbackLocale: false,
  // In French nothing is still singular (« 0 promesse ouverte »), unless the first of three forms stands for nothing.
  pluralRules: { fr: inFrench },
  messages: {},
  missingWarn: false,
});

/** Which of `forms` a French message takes for `n`: one and many, or none, one and many. */
export function inFrench(n: number, forms: number): number {
  const many = Math.abs(n) >= 2;
  if (forms >= 3) return n === 0 ? 0 : many ? 2 : 1;
  return many ? Math.min(1, forms - 1) : 0;
}

/** The language shown now. */
export const language = (): Language => words.global.locale.value as Language;

/** Fetches the words of a language, once. */
export async function bring(which: Language): Promise<void> {
  if (words.global.availableLocales.includes(which)) return;
  words.global.setLocaleMessage(which, await LISTS[which]());
}

let wanted: Language = language();
/** Shows `next` as soon as its words are here; with `keep`, here and in this browser from now on. */
export async function speak(next: Language, keep = true): Promise<void> {
  if (!keep && remembered()) return;
  wanted = next;
  if (keep) localStorage.setItem(KEY, next);
  await bring(next);
  // Another wish may have come since.
  if (wanted !== next) return;
  words.global.locale.value = next;
  document.documentElement.lang = next;
}

export const t = words.global.t;

const plain = new Map<string, string>();
/** Words without blanks, looked up once a language: hundreds of bars say the same few. */
export function word(key: string): string {
  const at = `${language()} ${key}`;
  let said = plain.get(at);
  if (said === undefined) plain.set(at, (said = t(key)));
  return said;
}

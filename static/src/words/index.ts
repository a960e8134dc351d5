// The words of the board in the language the person chose; kept in this browser.
import { createI18n } from 'vue-i18n';
import type { Language } from '../api/types';
import en from './en';
import fr from './fr';

const KEY = 'tournee.language';

function remembered(): Language | null {
  const value = localStorage.getItem(KEY);
  return value === 'fr' || value === 'en' ? value : null;
}

export const words = createI18n({
  legacy: false,
  locale: remembered() ?? (navigator.language.startsWith('en') ? 'en' : 'fr'),
  fallbackLocale: 'en',
  // In French nothing is still singular (« 0 promesse ouverte »), unless the first of three forms stands for nothing.
  pluralRules: { fr: inFrench },
  messages: { en, fr },
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

/** Shows `next`; with `keep`, here and in this browser from now on. */
export function speak(next: Language, keep = true): void {
  if (!keep && remembered()) return;
  words.global.locale.value = next;
  document.documentElement.lang = next;
  if (keep) localStorage.setItem(KEY, next);
}

export const t = words.global.t;

// Short notes at the bottom of the screen, and the two live regions for screen readers. No domain word here.
import { ref } from 'vue';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'refusal';
  /** What should be heard of although it was done. */
  warning?: string;
  /** Offered as long as the toast stands. */
  undo?: () => void;
  /** Another way on from a refusal: its words, and what it does. */
  insist?: { words: string; run: () => void };
  /** How long it stands, ms. */
  lifeMs: number;
}

export const toasts = ref<Toast[]>([]);
/** Read out when the reader has time. */
export const polite = ref('');
/** Read out at once: refusals and lost connections. */
export const assertive = ref('');

let last = 0;

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Notes that stand at once. */
const SHOWN_MAX = 3;

/** Says something. The same said again takes the place of what stands already. */
export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  last += 1;
  const entry: Toast = { id: last, text, tone: 'plain', lifeMs: 6_000, ...options };
  const others = toasts.value.filter((one) => one.text !== text || one.tone !== entry.tone);
  toasts.value = [...others.slice(1 - SHOWN_MAX), entry];
  const said = entry.warning ? `${text} ${entry.warning}` : text;
  (entry.tone === 'refusal' ? assertive : polite).value = said;
  setTimeout(() => dismiss(entry.id), entry.lifeMs);
  return entry.id;
}

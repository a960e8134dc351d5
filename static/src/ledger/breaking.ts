// The question before a told window is broken: what it was, which text would go, and why. It asks; whoever moved the visit
// goes on with the answer.
import { shallowRef } from 'vue';
import type { Refused } from '../api/client';
import type { Span } from '../api/types';

/** Said with the name of whoever is signed in. */
export interface Breaking {
  reason: string;
  tell: boolean;
}

/** What the server said of it. */
export interface Broken {
  promise: Span;
  /** The text as it would go; none where nobody can be told, or where none goes. */
  text: { to: string; body: string } | null;
  no_phone?: boolean;
  no_consent?: boolean;
  /** Where several moves were asked for: each window that would break, this one among them. */
  broken?: (Broken & { job_id: string; title: string; customer_name?: string })[];
}

export interface BreakingAsked {
  broken: Broken;
  sentence: string;
  go: (breaking: Breaking) => void;
}

/** The question that stands, if any. */
export const breakingAsked = shallowRef<BreakingAsked | null>(null);

export function askToBreak(refused: Refused, go: (breaking: Breaking) => void): void {
  breakingAsked.value = { broken: refused.problem as unknown as Broken, sentence: refused.message, go };
}

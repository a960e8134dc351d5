// Who saved something before, and when, as a refused save tells it. No domain word here.
import { Refused } from '../api/client';
import { zone } from '../house';
import { language } from '../words';
import { clock } from '../words/format';

export interface Quicker {
  /** A person's name, or the account's where no person is behind it. */
  who: string;
  /** On the company's clock; empty where it is not known. */
  time: string;
}

export function whoWas(error: unknown): Quicker {
  const told = error instanceof Refused ? error.problem : {};
  return {
    who: told.changed_by_name ?? told.changed_by ?? '',
    time: told.changed_at ? clock(told.changed_at, language(), zone.value) : '',
  };
}

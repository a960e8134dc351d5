// What a person reads when something was not done. The only place that turns a refusal into words.
import { person } from '../house';
import { t } from '../words';
import { Refused } from './client';

/** A refusal as a sentence for people. Whoever is no longer known signs in again; what is no refusal is a mistake of ours. */
export function sentence(error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) person.value = null;
  return error.status === 0 ? t('toast.unreachable') : error.message;
}

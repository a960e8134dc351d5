// Bundling and taking apart, from wherever the dispatcher does it; what was done is said with the way back.
import { Refused } from '../api/client';
import { toast } from '../ui/toasts';
import { noteDone } from '../undo/back';
import { t } from '../words';
import { bundlesApi, type Bundle } from './api';

function fail(error: unknown): null {
  const words = error instanceof Refused && error.status ? error.message : t('toast.unreachable');
  toast(words, { tone: 'refusal', lifeMs: 9_000 });
  return null;
}

/** Bundles jobs in this order. Tells whether it was done. */
export async function bundle(ids: string[]): Promise<boolean> {
  const made = await bundlesApi.create(ids).catch(fail);
  if (made) noteDone(t('bundles.made', { n: ids.length }), made.act);
  return made !== null;
}

export async function unbundle(one: Bundle): Promise<void> {
  const gone = await bundlesApi.remove(one.id).catch(fail);
  if (gone) noteDone(t('bundles.gone'), gone.act);
}

/** Takes one job out; the last two fall apart. */
export async function without(one: Bundle, job: string): Promise<void> {
  const left = one.job_ids.filter((id) => id !== job);
  if (left.length < 2) return unbundle(one);
  const done = await bundlesApi.edit(one.id, left, one.version).catch(fail);
  if (done) noteDone(t('bundles.left'), done.act);
}

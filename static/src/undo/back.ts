// Taking back and doing again as the server does it: also after a reload, and never over what somebody else did since.
// Says what was done; moves no bar, since the events do.
import { ref } from 'vue';
import { Refused } from '../api/client';
import { toast } from '../ui/toasts';
import { language, t } from '../words';
import { undoApi, type Done } from './api';

/** Rises with every undo and redo, so that an open history asks again. */
export const changes = ref(0);

function refused(error: unknown): false {
  if (!(error instanceof Refused)) throw error;
  if (error.code === 'undo.nothing') toast(t('undo.nothing'), { lifeMs: 3_000 });
  else toast(error.status === 0 ? t('toast.unreachable') : error.message, { tone: 'refusal', lifeMs: 9_000 });
  return false;
}

function said(key: 'undo.undone' | 'undo.redone', done: Done, again: () => void): true {
  changes.value += 1;
  const lost = [done.late && t('undo.late'), done.hold_lost?.[language()]].filter(Boolean).join(' ');
  const warning = lost && key === 'undo.undone' ? { warning: lost } : {};
  const other = key === 'undo.undone' ? t('undo.redo') : t('undo.undo');
  toast(t(key, { what: done.what[language()] }), { lifeMs: 8_000, insist: { words: other, run: again }, ...warning });
  return true;
}

/** Takes back the act that this position belongs to, the newest where it is left out, nothing of 0. Tells whether it was done. */
export async function takeBack(act?: number): Promise<boolean> {
  try {
    const done = await undoApi.undo(act);
    return said('undo.undone', done, () => void doAgain(done.act));
  } catch (error) {
    return refused(error);
  }
}

/** Says what was done, with the way back from it where the server did it as an act of ours; `then` follows that way. */
export function noteDone(text: string, act: number, then?: () => void): void {
  const undo = (): void => void takeBack(act).then((done) => done && then?.());
  toast(text, act ? { lifeMs: 9_000, undo } : {});
}

/** Does again the act that was taken back, or the last such. Tells whether it was done. */
export async function doAgain(act?: number): Promise<boolean> {
  try {
    const done = await undoApi.redo(act);
    return said('undo.redone', done, () => void takeBack(done.act));
  } catch (error) {
    return refused(error);
  }
}

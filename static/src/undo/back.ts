// Taking back and doing again as the server does it: also after a reload, and never over what somebody else did since.
// Says what was done; moves no bar, since the events do.
import { ref } from 'vue';
import { Refused } from '../api/client';
import { mayDispatch } from '../find/may';
import { dismiss, toast } from '../ui/toasts';
import { language, t } from '../words';
import { undoApi, type Done } from './api';

/** Rises with every undo and redo: what hears no events of what it shows asks again. */
export const changes = ref(0);

/** The notes that offer a way back, by the act that they stand for. */
const notes = new Map<number, number>();

function refused(error: unknown): false {
  if (!(error instanceof Refused)) throw error;
  if (error.code === 'undo.nothing') toast(t('undo.nothing'), { lifeMs: 3_000 });
  else toast(error.status === 0 ? t('toast.unreachable') : error.message, { tone: 'refusal', lifeMs: 9_000 });
  return false;
}

function said(key: 'undo.undone' | 'undo.redone', done: Done, again: () => void): true {
  changes.value += 1;
  // By whatever way it was taken: there is none any more.
  dismiss(notes.get(done.act) ?? 0);
  notes.delete(done.act);
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

/** Says what was done, with the way back from it where the server did it as an act that this person may take back. */
export function noteDone(text: string, act: number): void {
  const offered = act > 0 && mayDispatch.value;
  const id = toast(text, offered ? { lifeMs: 9_000, undo: () => void takeBack(act) } : {});
  if (offered) notes.set(act, id);
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

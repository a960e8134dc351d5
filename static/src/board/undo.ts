// The way back from what was just done: offered as long as its texts wait, from the note and by Ctrl-Z, the newest
// first; later Ctrl-Z asks the server. It knows no board: what is offered brings its own way back.
import { newestAct } from '../api/client';
import { house } from '../house';
import { dismiss, toast } from '../ui/toasts';
import { doAgain, takeBack } from '../undo/back';
import { t } from '../words';

interface Offer {
  id: number;
  /** The newest act of this page when it was offered: its own, or the last of its own. */
  act: number | undefined;
  run: () => void;
}

let offers: Offer[] = [];
/** After a refusal a hand means what it has just tried, which was never done, ms. */
const REFUSED_MS = 6_000;
let refused: { at: number; act: number | undefined } | null = null;

/** Seconds in which a move can be taken back; its texts wait as long. */
const undoSeconds = (): number => house.value?.undo_seconds ?? 10;

/** Says what was done and offers `back`, which tells whether it succeeded; `warning` is what should be heard of as well. */
export function offerUndo(text: string, back: () => Promise<boolean | 'said'>, warning = ''): void {
  // Something was done since the refusal: that is what is meant.
  refused = null;
  const more = warning ? { warning } : {};
  const lifeMs = undoSeconds() * 1000;
  // A house whose texts do not wait has no way back, but what was done is said all the same.
  if (lifeMs <= 0) {
    toast(text, more);
    return;
  }
  const run = (): void => {
    offers = offers.filter((offer) => offer.id !== id);
    dismiss(id);
    // A way back that speaks for itself answers `said`.
    void back().then((done) => done === true && toast(t('toast.undone'), { lifeMs: 2_500 }));
  };
  const id = toast(text, { undo: run, lifeMs, ...more });
  offers.push({ id, act: newestAct(), run });
  setTimeout(() => {
    offers = offers.filter((offer) => offer.id !== id);
  }, lifeMs);
}

/** A move was refused: the next Ctrl-Z is not meant for what came before it. */
export function noteRefused(): void {
  refused = { at: Date.now(), act: newestAct() };
}

/** Whether Ctrl-Z follows a refusal with nothing done between; asked once, so that the second one takes back. */
function followsRefusal(): boolean {
  const last = refused;
  refused = null;
  return !!last && last.act === newestAct() && Date.now() - last.at < REFUSED_MS;
}

/** Ctrl-Z: takes back the newest of what is offered here, else the newest that this person did, wherever that was. */
export function undoLast(): void {
  if (followsRefusal()) {
    toast(t('undo.refused'), { lifeMs: 6_000 });
    return;
  }
  const newest = offers.at(-1);
  // What was done since without such an offer is newer: the server knows which it is.
  if (newest && newest.act === newestAct()) newest.run();
  else void takeBack();
}

/** Ctrl-Shift-Z: does again what was taken back last. */
export function redoLast(): void {
  void doAgain();
}

/** Nothing is offered any more, e.g. when somebody else signs in. */
export function forgetUndo(): void {
  refused = null;
  offers = [];
}

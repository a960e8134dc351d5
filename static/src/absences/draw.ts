// Drawing an absence on a row, or its edge: follows the pointer, then asks for the plan. What hits no visit is done at once, with its
// way back; anything else opens the panel, where a person approves.
import { absencesApi } from '../api/absences';
import { Refused } from '../api/client';
import type { Span } from '../api/types';
import { standsInTheWay } from '../board/imagining';
import { SNAP_MIN } from '../board/geometry';
import { board } from '../board/store';
import { openTool } from '../board/tools';
import { offerUndo } from '../board/undo';
import { zone } from '../house';
import { sayAbsence } from '../team/when';
import { toast } from '../ui/toasts';
import { takeBack } from '../undo/back';
import { language, t } from '../words';
import { rfc3339 } from '../words/zone';
import { drawing, type Drawn } from './drawing';

const STEP_MS = SNAP_MIN * 60_000;
const snapped = (ms: number): number => Math.round(ms / STEP_MS) * STEP_MS;

/** What the row holds before the hand moves. */
export interface Held {
  technicianId: string;
  /** The absence whose edge is held; none for a new one. */
  absence?: Span & { id: string; reason?: string | null };
  edge?: 'start' | 'end';
  /** The instant under the press. */
  atMs: number;
  pxPerMin: number;
}

/** The span that the hand has drawn after moving by `px`. Pure. */
export function drawnBy(held: Held, px: number): { startMs: number; endMs: number } {
  const byMs = (px / held.pxPerMin) * 60_000;
  if (!held.absence) {
    const [a, b] = [snapped(held.atMs), snapped(held.atMs + byMs)];
    return { startMs: Math.min(a, b), endMs: Math.max(a, b) };
  }
  const [start, end] = [Date.parse(held.absence.start), Date.parse(held.absence.end)];
  if (held.edge === 'start') return { startMs: Math.min(snapped(start + byMs), end - STEP_MS), endMs: end };
  return { startMs: start, endMs: Math.max(snapped(end + byMs), start + STEP_MS) };
}

/** Asks what the drawn absence hits: nothing, and it is done; something, and the panel shows it. */
async function settle(one: Drawn, reason: string): Promise<void> {
  const span = { start: rfc3339(one.startMs), end: rfc3339(one.endMs) };
  const panel = { technicianId: one.technicianId, ...span, absenceId: one.id, why: reason };
  try {
    const plan = await absencesApi.plan(one.technicianId, span, reason, one.id ?? null);
    // A new one is named before it is written down; an edge that hits nobody is what it looks like.
    if (!one.id || plan.visits.length || plan.texts.length) {
      void absencesApi.drop(plan).catch(() => undefined);
      openTool('absence', panel);
      return;
    }
    const { act } = await absencesApi.accept(plan, reason);
    const name = board.value.technicians[one.technicianId]?.name ?? '';
    const said = t('absences.done', { name, span: sayAbsence(span, language(), zone.value, t) });
    offerUndo(said, () => takeBack(act).then(() => 'said' as const));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.status === 0 ? t('toast.unreachable') : error.message, { tone: 'refusal' });
  } finally {
    drawing.value = null;
  }
}

/** A press on the row's empty space, or on an edge: follows the pointer until it lets go. */
export function pressAbsence(from: { x: number }, held: Held): void {
  let last: Drawn | null = null;
  const move = (event: PointerEvent): void => {
    const { startMs, endMs } = drawnBy(held, event.clientX - from.x);
    if (endMs <= startMs) return;
    last = { technicianId: held.technicianId, startMs, endMs, ...(held.absence ? { id: held.absence.id } : {}) };
    drawing.value = last;
  };
  const finish = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointercancel', cancel);
    window.removeEventListener('keydown', key, true);
    document.body.classList.remove('resizing');
  };
  const cancel = (): void => {
    finish();
    drawing.value = null;
  };
  const up = (event: PointerEvent): void => {
    if (last) move(event);
    finish();
    const swallow = (click: Event): void => {
      click.stopPropagation();
      click.preventDefault();
    };
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, true), 0);
    if (last && !standsInTheWay()) void settle(last, held.absence?.reason ?? '');
    else drawing.value = null;
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    cancel();
  };
  document.body.classList.add('resizing');
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', cancel);
  window.addEventListener('keydown', key, true);
}

// Where drawing an absence begins: Shift and a drag over a row's empty space, or a drag on an absence's edge. The rest is fetched then.
import type { Target } from '../board/drag';
import { board } from '../board/store';

type TargetAt = (x: number, y: number, grabPx: number, durationMin: number) => Target | null;

/** Begins, where the press asks for it. */
export function beginAbsence(event: PointerEvent, targetAt: TargetAt, pxPerMin: number): void {
  const under = event.target as HTMLElement;
  const edge = under.dataset['edge'] as 'start' | 'end' | undefined;
  const target = event.button === 0 && (edge || event.shiftKey) ? targetAt(event.clientX, event.clientY, 0, 0) : null;
  const technician = board.value.technicians[target?.technicianId ?? ''];
  if (!technician || !target?.startMs) return;
  event.preventDefault();
  const id = under.closest<HTMLElement>('[data-absence]')?.dataset['absence'];
  const absence = edge ? technician.absences?.find((one) => one.id === id) : undefined;
  const held = {
    technicianId: technician.id,
    atMs: target.startMs,
    pxPerMin,
    ...(edge && absence && id ? { edge, absence: { ...absence, id } } : {}),
  };
  void import('./draw').then(({ pressAbsence }) => pressAbsence({ x: event.clientX }, held));
}

// Where a technician stands at a moment of today: away, with a customer, under way, on shift, or off. Pure.
import { WEEKDAYS, type TechnicianFields, type Weekday } from '../api/team';
import type { Job, Span } from '../api/types';
import { addDays, instantOf } from '../words/zone';
import { spanOfExtra } from './draft';

export type Kind = 'away' | 'on_site' | 'en_route' | 'free' | 'later' | 'over' | 'off';

export interface Presence {
  kind: Kind;
  /** When it ends (away, free) or begins (later), ms. */
  atMs: number | null;
  /** With whom or to whom. */
  job: Job | null;
  /** First and last moment of today's shifts, ms. */
  shift: [number, number] | null;
}

/** The shifts of a day, from the usual week and what is beside it; absences not taken out. */
export function shiftsOn(
  who: Pick<TechnicianFields, 'weekly_schedule' | 'extra_shifts'>,
  date: string,
  zone: string,
): Span[] {
  const [from, to] = [instantOf(date, 0, zone), instantOf(addDays(date, 1), 0, zone)];
  // Monday is the first day here, and the fifth of January 1970 was one.
  const weekday = WEEKDAYS[(Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000) + 3) % 7] as Weekday;
  const usual = (who.weekly_schedule[weekday] ?? []).map((hours) => spanOfExtra({ date, ...hours }, zone));
  return [...usual, ...who.extra_shifts.filter((extra) => awayOn([extra], from, to))];
}

const holds = (span: Span, ms: number): boolean => Date.parse(span.start) <= ms && ms < Date.parse(span.end);

/** `shifts` and `route` are those of today. */
export function presenceOf(shifts: Span[], absences: Span[], route: Job[], nowMs: number): Presence {
  const sorted = [...shifts].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const ends = sorted.map((shift) => Date.parse(shift.end));
  const first = sorted[0];
  const shift: [number, number] | null = first ? [Date.parse(first.start), Math.max(...ends)] : null;
  const say = (kind: Kind, atMs: number | null = null, job: Job | null = null): Presence => ({
    kind,
    atMs,
    job,
    shift,
  });
  const busy = route.find((job) => job.status === 'on_site') ?? route.find((job) => job.status === 'en_route') ?? null;
  if (busy) return say(busy.status as Kind, null, busy);
  const absence = absences.find((span) => holds(span, nowMs));
  if (absence) return say('away', Date.parse(absence.end));
  const current = sorted.find((span) => holds(span, nowMs));
  if (current) return say('free', Date.parse(current.end));
  const later = sorted.find((span) => Date.parse(span.start) > nowMs);
  if (later) return say('later', Date.parse(later.start));
  return say(sorted.length ? 'over' : 'off');
}

/** Whether some part of the shifts of a day is worked. */
export function worksOn(shifts: Span[], absences: Span[]): boolean {
  return shifts.some((shift) => {
    // Absences never overlap each other: what is left is the shift less all of them.
    const taken = absences.reduce((sum, away) => {
      const from = Math.max(Date.parse(away.start), Date.parse(shift.start));
      const to = Math.min(Date.parse(away.end), Date.parse(shift.end));
      return sum + Math.max(0, to - from);
    }, 0);
    return taken < Date.parse(shift.end) - Date.parse(shift.start);
  });
}

/** Whether an absence touches the day from `fromMs` to `toMs`. */
export const awayOn = (absences: Span[], fromMs: number, toMs: number): boolean =>
  absences.some((away) => Date.parse(away.start) < toMs && Date.parse(away.end) > fromMs);

// The share of promises that was kept, over some days: counted by day, and what went wrong, newest first. Pure.
import { wallClock } from '../words/zone';

export type Became = 'open' | 'kept' | 'late' | 'replaced' | 'called_off' | 'waiting';

/** A window that a customer was told. */
export interface ToldWindow {
  job_id: string;
  title: string;
  customer_name?: string | null;
  number: number;
  start: string;
  end: string;
  arrived_at: string | null;
  outcome: Became;
}

/** What `GET /promises` answers. */
export interface KeptAnswer {
  from: string;
  to: string;
  kept: number;
  late: number;
  replaced: number;
  open: number;
  /** Whose texts have not left. */
  waiting: number;
  /** Of kept, late and replaced; null where none of them is over. */
  kept_percent: number | null;
  items: ToldWindow[];
}

export interface KeptDay {
  date: string;
  kept: number;
  /** Late or replaced. */
  missed: number;
}

/** Days with a promise that is over, in order. */
export function byDay(items: readonly ToldWindow[], zone: string): KeptDay[] {
  const days = new Map<string, KeptDay>();
  for (const one of items) {
    if (['open', 'called_off', 'waiting'].includes(one.outcome)) continue;
    const { date } = wallClock(Date.parse(one.start), zone);
    const day = days.get(date) ?? { date, kept: 0, missed: 0 };
    if (one.outcome === 'kept') day.kept += 1;
    else day.missed += 1;
    days.set(date, day);
  }
  return [...days.values()].sort((a, b) => a.date.localeCompare(b.date));
}

/** What was not kept, newest first. */
export const missed = (items: readonly ToldWindow[]): ToldWindow[] =>
  items
    .filter((one) => one.outcome === 'late' || one.outcome === 'replaced')
    .sort((a, b) => b.start.localeCompare(a.start) || a.job_id.localeCompare(b.job_id));

/** Whole minutes by which somebody came after the end of the window; null where nobody came, or in time. */
export function lateMin(one: ToldWindow): number | null {
  if (!one.arrived_at) return null;
  const late = Math.ceil((Date.parse(one.arrived_at) - Date.parse(one.end)) / 60_000);
  return late > 0 ? late : null;
}

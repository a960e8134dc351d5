// A month as weeks of days, and how a day of it looks: which days stand on the page, how full one is, what is said of it. Pure.
import { addDays } from '../words/zone';

/** `GET /dispatch/calendar`, one day of it. */
export interface CalendarDay {
  /** YYYY-MM-DD. */
  date: string;
  visits: number;
  done: number;
  waiting: number;
  at_risk: number;
  broken: number;
  booked_min: number;
  shift_min: number;
  technicians: number;
}

/** YYYY-MM of a day. */
export const monthOf = (date: string): string => date.slice(0, 7);

/** The month `step` months on. */
export function monthAfter(month: string, step: number): string {
  const [year = 2000, number = 1] = month.split('-').map(Number);
  const at = year * 12 + number - 1 + step;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}

/** 0 is Monday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
}

/** The weeks of a month, from Monday to Sunday, with the days of its neighbours that fill them. */
export function weeksOf(month: string): string[][] {
  const first = `${month}-01`;
  const start = addDays(first, -weekdayOf(first));
  const weeks: string[][] = [];
  for (let day = start; day < `${monthAfter(month, 1)}-01`; day = addDays(day, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, i) => addDays(day, i)));
  }
  return weeks;
}

/** Share of the shifts that work fills, 0 to 1; null where nobody works. */
export function loadOf(day: CalendarDay): number | null {
  if (day.shift_min <= 0) return day.booked_min > 0 ? 1 : null;
  return Math.min(1, day.booked_min / day.shift_min);
}

/** Where an arrow, Home, End or a page key leads from a day; null for any other key. */
export function dayAfterKey(date: string, key: string): string | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -7,
    ArrowDown: 7,
    Home: -weekdayOf(date),
    End: 6 - weekdayOf(date),
  };
  if (key in steps) return addDays(date, steps[key] ?? 0);
  if (key !== 'PageUp' && key !== 'PageDown') return null;
  const month = monthAfter(monthOf(date), key === 'PageDown' ? 1 : -1);
  const last = addDays(`${monthAfter(month, 1)}-01`, -1);
  const same = `${month}-${date.slice(8)}`;
  return same > last ? last : same;
}

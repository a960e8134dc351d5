// The usual week on the wall clock: reading times as people type them, copying days, saying a week in a line. Pure.
import { WEEKDAYS, type Hours, type Weekday } from '../api/team';
import { minutesOf, timeOf } from '../ui/time';

export type Week = Record<Weekday, Hours[]>;

export const emptyWeek = (): Week => ({ mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] });

/** Start and end as minutes after the day's midnight; an end at or before the start is on the next day. */
export function stretch(hours: Hours): [number, number] {
  const [start, end] = [minutesOf(hours.start), minutesOf(hours.end)];
  return [start, end > start ? end : end + 1440];
}

/** Minutes of work in the week. */
export const weekMinutes = (week: Partial<Week>): number =>
  WEEKDAYS.flatMap((day) => week[day] ?? []).reduce((sum, hours) => {
    const [start, end] = stretch(hours);
    return sum + (hours.start === hours.end ? 0 : end - start);
  }, 0);

/** Indexes of the stretches that begin before an earlier one ends. */
export function overlapping(day: Hours[]): number[] {
  return day.flatMap((hours, at) => {
    const [start, end] = stretch(hours);
    return day.slice(0, at).some((other) => stretch(other)[0] < end && start < stretch(other)[1]) ? [at] : [];
  });
}

/** The week with one day's hours on other days too. */
export function copyDay(week: Week, from: Weekday, to: Weekday[]): Week {
  const copy = { ...week };
  for (const day of to) copy[day] = week[from].map((hours) => ({ ...hours }));
  return copy;
}

/** A next stretch that makes sense after those of the day. */
export function nextStretch(day: Hours[]): Hours {
  const last = day.at(-1);
  if (!last) return { start: '08:00', end: '16:30' };
  const from = Math.min(stretch(last)[1] + 60, 22 * 60);
  return { start: timeOf(from), end: timeOf(Math.min(from + 120, 23 * 60 + 45)) };
}

/** Runs of days with the same hours: [first, last, hours]. */
export function runs(week: Partial<Week>): [Weekday, Weekday, Hours[]][] {
  const found: [Weekday, Weekday, Hours[]][] = [];
  const same = (a: Hours[], b: Hours[]): boolean => JSON.stringify(a) === JSON.stringify(b);
  WEEKDAYS.forEach((day, at) => {
    const hours = week[day] ?? [];
    if (!hours.length) return;
    const last = found.at(-1);
    if (last && last[1] === WEEKDAYS[at - 1] && same(last[2], hours)) last[1] = day;
    else found.push([day, day, hours]);
  });
  return found;
}

/** "08:30" as a person reads it: « 8 h 30 » · 8:30. */
export function sayTime(time: string, french: boolean): string {
  const hour = Number(time.slice(0, 2));
  return french ? `${hour}\u00a0h\u00a0${time.slice(3)}` : `${hour}:${time.slice(3)}`;
}

/** « lun.–ven. 8 h 00–16 h 30 »: the week in a line. `name` gives the short name of a day. */
export function sayWeek(week: Partial<Week>, french: boolean, name: (day: Weekday) => string): string {
  return runs(week)
    .map(([first, last, hours]) => {
      const days = first === last ? name(first) : `${name(first)}–${name(last)}`;
      const times = hours.map((h) => `${sayTime(h.start, french)}–${sayTime(h.end, french)}`).join(', ');
      return `${days} ${times}`;
    })
    .join(' · ');
}

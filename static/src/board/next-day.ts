// The first day of fourteen on which something is possible, asked of whoever knows. Pure.
import { addDays } from '../words/zone';

/** As far ahead as places are looked for. */
const DAYS = 14;

/**
 * The first of the days from `first` on; empty where there is none. `possible` answers for a span from the beginning of one
 * day to that of another. All of it is asked first, so that what is never possible is one question.
 */
export async function firstDay(
  first: string,
  possible: (from: string, to: string) => Promise<boolean>,
): Promise<string> {
  let [from, days] = [first, DAYS];
  if (!(await possible(from, addDays(from, days)))) return '';
  // Halves of what is left: the day lies in the first one where that answers, else in the second.
  while (days > 1) {
    const half = Math.ceil(days / 2);
    if (await possible(from, addDays(from, half))) days = half;
    else [from, days] = [addDays(from, half), days - half];
  }
  return from;
}

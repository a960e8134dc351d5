// A rule in a few words: « chaque semaine, lundi et mercredi, jusqu'au 31 janvier ».
import { language, t } from '../words';
import { repeatOf, WEEKDAYS, type Weekday } from './rule';

/** The name of a weekday. */
export function weekdayName(day: Weekday, width: 'long' | 'short' = 'long'): string {
  // The 23rd of November 2026 is a Monday.
  const at = new Date(Date.UTC(2026, 10, 23 + WEEKDAYS.indexOf(day)));
  return new Intl.DateTimeFormat(`${language()}-CA`, { weekday: width, timeZone: 'UTC' }).format(at);
}

/** A day in words: « lundi 23 novembre 2026 ». */
export function dayWords(date: string): string {
  const at = new Date(`${date}T12:00:00Z`);
  const style = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(`${language()}-CA`, style).format(at);
}

const listed = (names: string[]): string =>
  new Intl.ListFormat(`${language()}-CA`, { type: 'conjunction' }).format(names);

export function ruleWords(rule: string | null | undefined): string {
  const repeat = repeatOf(rule);
  if (repeat.frequency === 'none') return '';
  if (repeat.frequency === 'other') return t('series.byRule');
  const parts = [t(`series.every.${repeat.frequency}`, { n: Number(repeat.interval) }, Number(repeat.interval))];
  if (repeat.frequency === 'weekly' && repeat.days.length)
    parts.push(listed(repeat.days.map((day) => weekdayName(day))));
  if (repeat.end === 'until') parts.push(t('series.untilDay', { day: dayWords(repeat.until) }));
  if (repeat.end === 'count') parts.push(t('series.times', { n: Number(repeat.count) }, Number(repeat.count)));
  return parts.join(', ');
}

// Absences in words: whole days by their dates, anything else by day and time. Pure but for the words given.
import type { Language, Span } from '../api/types';
import { clock, shortDay } from '../words/format';
import { addDays, wallClock } from '../words/zone';

type Say = (key: string, values: Record<string, string>) => string;

/** « lun. 23 nov. » · Mon, Nov 23. */
export function sayDate(date: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-CA' : 'en-CA', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  }).format(Date.parse(`${date}T12:00:00Z`));
}

export const sayDay = (at: string, language: Language, zone: string): string =>
  shortDay(wallClock(Date.parse(at), zone).date, language);

/** The span of an absence: « du lun. 23 nov. au mar. 24 nov. », « le lun. 23 nov. », or with times. */
export function sayAbsence(span: Span, language: Language, zone: string, say: Say): string {
  const [start, end] = [wallClock(Date.parse(span.start), zone), wallClock(Date.parse(span.end), zone)];
  const midnight = (w: { hour: number; minute: number }): boolean => w.hour === 0 && w.minute === 0;
  if (midnight(start) && midnight(end)) {
    const last = addDays(end.date, -1);
    const from = sayDate(start.date, language);
    return last <= start.date
      ? say('team.absences.day', { day: from })
      : say('team.absences.span', { from, to: sayDate(last, language) });
  }
  const from = `${sayDate(start.date, language)} ${clock(span.start, language, zone)}`;
  const time = clock(span.end, language, zone);
  const to = start.date === end.date ? time : `${sayDate(end.date, language)} ${time}`;
  return say('team.absences.span', { from, to });
}

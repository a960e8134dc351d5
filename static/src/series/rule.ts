// A rule of recurrence as a form shows it, and back: the rules that people make here, every so many days, weeks, months or
// years. What the form cannot show stays as it is, as its text. Pure.

export type Frequency = 'none' | 'daily' | 'weekly' | 'monthly' | 'yearly' | 'other';
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';
export type Holidays = 'keep' | 'skip' | 'shift';
/** How far an edit of one of a series reaches. */
export type Scope = 'this' | 'after' | 'all';

export interface Repeat {
  frequency: Frequency;
  interval: string;
  days: Weekday[];
  /** On the same day of the month, or on the same weekday of it. */
  monthly: 'day' | 'weekday';
  end: 'never' | 'until' | 'count';
  /** YYYY-MM-DD. */
  until: string;
  count: string;
  /** YYYY-MM-DD each. */
  exceptions: string[];
  holidays: Holidays;
  /** The rule as it is written, where the form cannot show it. */
  text: string;
}

export const WEEKDAYS: Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

export const once = (): Repeat => ({
  frequency: 'none',
  interval: '1',
  days: [],
  monthly: 'day',
  end: 'never',
  until: '',
  count: '10',
  exceptions: [],
  holidays: 'keep',
  text: '',
});

/** The weekday of a day. */
export function weekdayOf(date: string): Weekday {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  const sundayFirst = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return WEEKDAYS[(sundayFirst + 6) % 7] ?? 'MO';
}

/** Which one of its weekday a day is in its month; the fifth is said as the last. */
export function nthOf(date: string): number {
  const nth = Math.ceil(Number(date.slice(8)) / 7);
  return nth > 4 ? -1 : nth;
}

const FREQUENCIES: Record<string, Frequency> = {
  DAILY: 'daily',
  WEEKLY: 'weekly',
  MONTHLY: 'monthly',
  YEARLY: 'yearly',
};

/** `RRULE:…`, or null for what comes once. `date` is the first day; today where there is none yet. */
export function ruleOf(repeat: Repeat, date: string): string | null {
  if (repeat.frequency === 'none') return null;
  if (repeat.frequency === 'other') return repeat.text;
  const parts = [`FREQ=${repeat.frequency.toUpperCase()}`];
  const every = Number(repeat.interval);
  if (every > 1) parts.push(`INTERVAL=${every}`);
  if (repeat.frequency === 'weekly') {
    const days = repeat.days.length ? repeat.days : [weekdayOf(date)];
    parts.push(`BYDAY=${WEEKDAYS.filter((day) => days.includes(day)).join(',')}`);
  }
  if (repeat.frequency === 'monthly')
    parts.push(
      repeat.monthly === 'weekday' ? `BYDAY=${nthOf(date)}${weekdayOf(date)}` : `BYMONTHDAY=${Number(date.slice(8))}`,
    );
  if (repeat.end === 'until' && repeat.until) parts.push(`UNTIL=${repeat.until.replaceAll('-', '')}`);
  if (repeat.end === 'count') parts.push(`COUNT=${Number(repeat.count)}`);
  return `RRULE:${parts.join(';')}`;
}

/** The form of a rule. */
export function repeatOf(
  rule: string | null | undefined,
  exceptions: string[] = [],
  holidays: Holidays = 'keep',
): Repeat {
  const repeat: Repeat = { ...once(), exceptions: [...exceptions], holidays };
  if (!rule) return repeat;
  const other: Repeat = { ...repeat, frequency: 'other', text: rule };
  const parts = Object.fromEntries(
    rule
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  );
  const { FREQ = '', INTERVAL = '1', BYDAY = '', BYMONTHDAY = '', UNTIL = '', COUNT = '', ...rest } = parts;
  const frequency = FREQUENCIES[FREQ];
  if (!frequency || Object.keys(rest).length) return other;
  repeat.frequency = frequency;
  repeat.interval = INTERVAL;
  if (UNTIL) {
    repeat.end = 'until';
    repeat.until = `${UNTIL.slice(0, 4)}-${UNTIL.slice(4, 6)}-${UNTIL.slice(6, 8)}`;
    if (UNTIL.length !== 8) return other;
  } else if (COUNT) {
    repeat.end = 'count';
    repeat.count = COUNT;
  }
  const days = BYDAY ? BYDAY.split(',') : [];
  const plain = days.every((day) => WEEKDAYS.includes(day as Weekday));
  if (frequency === 'weekly' && plain && !BYMONTHDAY) return { ...repeat, days: days as Weekday[] };
  if (frequency === 'monthly' && !BYMONTHDAY && days.length === 1 && /^(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)$/.test(BYDAY))
    return { ...repeat, monthly: 'weekday' };
  if (frequency === 'monthly' && !days.length && /^\d+$/.test(BYMONTHDAY)) return repeat;
  if ((frequency === 'daily' || frequency === 'yearly') && !days.length && !BYMONTHDAY) return repeat;
  return other;
}

/** What cannot be right, whatever the server says. */
export function wrongRepeat(repeat: Repeat): 'interval' | 'until' | 'count' | '' {
  if (repeat.frequency === 'none' || repeat.frequency === 'other') return '';
  const whole = (text: string): boolean => /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= 1000;
  if (!whole(repeat.interval)) return 'interval';
  if (repeat.end === 'until' && !repeat.until) return 'until';
  if (repeat.end === 'count' && !whole(repeat.count)) return 'count';
  return '';
}

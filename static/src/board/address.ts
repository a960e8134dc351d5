// What the board shows, as an address that can be kept and passed on: `#/?date=2026-11-23&days=3&pool=pressing`. Pure.

/** What stands in the address; what is usual is left out. */
export interface Shown {
  /** YYYY-MM-DD. */
  date?: string;
  days?: number;
  /** Filters of the pool and of the rows, by name. */
  filters: Readonly<Record<string, string>>;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** True for the routes of the board itself. */
export const isBoard = (route: string): boolean => /^\/?(\?.*)?$/.test(route);

export function readAddress(route: string): Shown {
  const query = new URLSearchParams(route.split('?')[1] ?? '');
  const date = query.get('date') ?? '';
  const days = Number(query.get('days'));
  const filters: Record<string, string> = {};
  for (const [name, value] of query) if (name !== 'date' && name !== 'days' && value) filters[name] = value;
  return {
    ...(DATE.test(date) && !Number.isNaN(Date.parse(date)) ? { date } : {}),
    ...([1, 3, 7].includes(days) ? { days } : {}),
    filters,
  };
}

/** The route of the board that shows this; the day of today and one day need no words. */
export function addressOf(shown: Shown, today: string): string {
  const query = new URLSearchParams();
  if (shown.date && shown.date !== today) query.set('date', shown.date);
  if (shown.days && shown.days !== 1) query.set('days', String(shown.days));
  for (const [name, value] of Object.entries(shown.filters)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `/?${text}` : '/';
}

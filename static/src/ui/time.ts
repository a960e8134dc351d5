// Times of day as text: read as people type them, counted in minutes, written as "08:30". Pure; no domain word here.

/** What people type for a time (8, 8h30, 8 h 30, 0830, 16:30) as "08:30"; null for what is none. */
export function readTime(text: string): string | null {
  const m = /^\s*(\d{1,2})\s*(?:(?:[:hH.]|\s)\s*(\d{1,2})?|(\d{2}))?\s*$/.exec(text);
  if (!m) return null;
  const hour = Number(m[1]);
  const minute = Number(m[2] ?? m[3] ?? 0);
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return null;
  return `${String(hour % 24).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** Minutes after midnight of "08:30". */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** "08:30" of minutes after some midnight. */
export function timeOf(minutes: number): string {
  const m = ((minutes % 1440) + 1440) % 1440;
  return `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`;
}

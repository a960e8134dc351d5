// Days and clock times in the company's zone, whatever zone the browser sits in. Pure.

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

export interface WallClock {
  date: string;
  hour: number;
  minute: number;
}

/** The wall clock of an instant. */
export function wallClock(ms: number, zone: string): WallClock {
  const part: Record<string, string> = {};
  for (const { type, value } of partsIn(zone).formatToParts(ms)) part[type] = value;
  return {
    date: `${part['year']}-${part['month']}-${part['day']}`,
    hour: Number(part['hour']),
    minute: Number(part['minute']),
  };
}

/** The instant (ms) at which a wall clock shows `date` and `minutes` after midnight. In the hour that spring skips, the instant just after it. */
export function instantOf(date: string, minutes: number, zone: string): number {
  const naive = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  const offsetAt = (ms: number): number => {
    const w = wallClock(ms, zone);
    return Date.parse(`${w.date}T00:00:00Z`) + (w.hour * 60 + w.minute) * 60_000 - Math.floor(ms / 60_000) * 60_000;
  };
  const first = naive - offsetAt(naive);
  return naive - offsetAt(first);
}

/** YYYY-MM-DD, `days` later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An instant as RFC 3339, in UTC, as the server takes it. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

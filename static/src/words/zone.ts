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

/** No zone changes its clocks within such a quarter of an hour of UTC. */
const QUARTER_MS = 900_000;
/** So many quarters are remembered: a year of them. */
const QUARTERS_MAX = 35_040;
const offsets = new Map<string, number>();

/** What the wall is ahead of UTC at an instant, ms. The browser's formatter is slow, and a board asks for thousands of hours. */
function offsetAt(ms: number, zone: string): number {
  const quarter = Math.floor(ms / QUARTER_MS) * QUARTER_MS;
  const key = `${zone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const part: Record<string, string> = {};
    for (const { type, value } of partsIn(zone).formatToParts(quarter)) part[type] = value;
    const day = Date.parse(`${part['year']}-${part['month']}-${part['day']}T00:00:00Z`);
    offset = day + (Number(part['hour']) * 60 + Number(part['minute'])) * 60_000 - quarter;
    if (offsets.size >= QUARTERS_MAX) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

/** The wall clock of an instant. */
export function wallClock(ms: number, zone: string): WallClock {
  const wall = new Date(ms + offsetAt(ms, zone));
  return { date: wall.toISOString().slice(0, 10), hour: wall.getUTCHours(), minute: wall.getUTCMinutes() };
}

/** The instant (ms) at which a wall clock shows `date` and `minutes` after midnight. In the hour that spring skips, the instant just after it. */
export function instantOf(date: string, minutes: number, zone: string): number {
  const naive = Date.parse(`${date}T00:00:00Z`) + minutes * 60_000;
  const first = naive - offsetAt(naive, zone);
  return naive - offsetAt(first, zone);
}

/** YYYY-MM-DD, `days` later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An instant as RFC 3339, in UTC, as the server takes it. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

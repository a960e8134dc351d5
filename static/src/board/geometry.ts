// Pixels and instants of the timeline: one day, or several side by side with their nights cut out. Pure: no DOM, and no zone
// but the midnights it is given.

/** The shown hours of one day. */
export interface DayPart {
  /** YYYY-MM-DD. */
  date: string;
  /** First instant shown, ms. */
  from: number;
  /** Last instant shown, ms. */
  to: number;
  /** Where it begins, px. */
  x: number;
}

export interface Scale {
  /** First instant shown, ms. */
  from: number;
  /** Last instant shown, ms. */
  to: number;
  pxPerMin: number;
  /** Its days, in order; one at least. */
  parts: readonly DayPart[];
}

const MINUTE_MS = 60_000;
/** A dragged visit starts on a five-minute mark. */
export const SNAP_MIN = 5;
/** An hour's label needs so much room, px. */
const TICK_PX = 34;
const TICK_STEPS = [1, 2, 3, 4, 6, 12];

/** The scale that shows the parts in `width` px, but never tighter than is readable, and `zoom` times as wide. */
export function fit(parts: readonly Omit<DayPart, 'x'>[], width: number, minPxPerHour = 52, zoom = 1): Scale {
  const span = parts.reduce((sum, part) => sum + (part.to - part.from), 0) / MINUTE_MS;
  const pxPerMin = Math.max(width / span, minPxPerHour / 60) * zoom;
  let x = 0;
  const placed = parts.map((part) => {
    const here = { ...part, x };
    x += ((part.to - part.from) / MINUTE_MS) * pxPerMin;
    return here;
  });
  return { from: placed[0]?.from ?? 0, to: placed.at(-1)?.to ?? 0, pxPerMin, parts: placed };
}

const endOf = (part: DayPart, scale: Scale): number => part.x + ((part.to - part.from) / MINUTE_MS) * scale.pxPerMin;

export function widthOf(scale: Scale): number {
  const last = scale.parts.at(-1);
  return last ? endOf(last, scale) : 0;
}

/** Where an instant stands; one of a night that is cut out stands where the next day begins. */
export function xOf(ms: number, scale: Scale): number {
  const { parts } = scale;
  let part = parts[0];
  for (const next of parts) {
    if (next.from > ms) break;
    part = next;
  }
  if (!part) return 0;
  const x = part.x + ((ms - part.from) / MINUTE_MS) * scale.pxPerMin;
  return part === parts.at(-1) ? x : Math.min(x, endOf(part, scale));
}

/** The day under `x`; the first or last one beyond the edges. */
export function partAt(x: number, scale: Scale): DayPart | undefined {
  return scale.parts.find((part) => x < endOf(part, scale)) ?? scale.parts.at(-1);
}

export function instantAt(x: number, scale: Scale): number {
  const part = partAt(x, scale);
  return part ? part.from + ((x - part.x) / scale.pxPerMin) * MINUTE_MS : 0;
}

/** Whether anything of it lies between the first and the last instant shown. */
export const overlaps = (span: { start: string; end: string }, scale: Scale): boolean =>
  Date.parse(span.end) > scale.from && Date.parse(span.start) < scale.to;

/** From where to where a stretch of time is drawn: what of it lies before or after what is shown is cut off. */
export function across(startMs: number, endMs: number, scale: Scale): { transform: string; width: string } {
  const from = Math.max(0, xOf(startMs, scale));
  const to = xOf(Math.min(endMs, scale.to), scale);
  return { transform: `translateX(${from}px)`, width: `${Math.max(2, to - from)}px` };
}

export const lengthOf = (min: number, scale: Scale): number => min * scale.pxPerMin;

/** The day whose shown hours hold the instant, or the one that is nearest. */
export function partOf(ms: number, scale: Scale): DayPart | undefined {
  const away = (part: DayPart): number => Math.max(part.from - ms, ms - part.to, 0);
  return [...scale.parts].sort((a, b) => away(a) - away(b))[0];
}

/** The nearest five-minute mark, counted from the day's own first hour. */
export function snap(ms: number, scale: Scale, step = SNAP_MIN): number {
  const unit = step * MINUTE_MS;
  const from = partOf(ms, scale)?.from ?? scale.from;
  return from + Math.round((ms - from) / unit) * unit;
}

/** Keeps a visit of `durationMin` inside its day. */
export function clampStart(ms: number, durationMin: number, scale: Scale): number {
  const part = partOf(ms, scale);
  return part ? Math.max(part.from, Math.min(ms, part.to - durationMin * MINUTE_MS)) : ms;
}

/** `byMin` minutes on: past the evening comes the next shown morning, before the morning the evening before. */
export function shifted(ms: number, byMin: number, durationMin: number, scale: Scale): number {
  const part = partOf(ms, scale);
  const to = ms + byMin * MINUTE_MS;
  if (!part || (to >= part.from && to + durationMin * MINUTE_MS <= part.to)) return to;
  const next = scale.parts[scale.parts.indexOf(part) + (byMin > 0 ? 1 : -1)];
  if (!next) return clampStart(to, durationMin, scale);
  return byMin > 0 ? next.from : next.to - durationMin * MINUTE_MS;
}

/** Hours to draw: every one, or every second, third and so on when they would crowd. */
export function ticks(scale: Scale): number[] {
  const step = TICK_STEPS.find((hours) => scale.pxPerMin * 60 * hours >= TICK_PX) ?? 24;
  const several = scale.parts.length > 1;
  return scale.parts.flatMap((part) => {
    const out: number[] = [];
    // A day's last hour would stand in the way of the next day's first.
    const to = several ? part.to - (TICK_PX / scale.pxPerMin) * 0.7 * MINUTE_MS : part.to;
    for (let t = part.from; t <= to; t += step * 60 * MINUTE_MS) out.push(t);
    return out;
  });
}

/** Index of the row under `y`, or -1 outside. */
export function rowAt(y: number, rowHeight: number, count: number): number {
  const index = Math.floor(y / rowHeight);
  return index >= 0 && index < count ? index : -1;
}

/** The hours to show of every day: the spans with a margin, at least 7 to 18, in full hours, as minutes after midnight. */
export function shownHours(
  spans: readonly { start: string; end: string }[],
  midnights: readonly number[],
): { fromMin: number; toMin: number } {
  let from = 7 * 60;
  let to = 18 * 60;
  for (const span of spans) {
    const start = Date.parse(span.start);
    const midnight = midnights.filter((one) => one <= start).at(-1);
    if (midnight === undefined || start - midnight >= 24 * 60 * MINUTE_MS) continue;
    from = Math.min(from, (start - midnight) / MINUTE_MS);
    const end = (Date.parse(span.end) - midnight) / MINUTE_MS;
    to = Math.max(to, Math.min(end, 24 * 60));
  }
  return { fromMin: Math.floor(from / 60) * 60, toMin: Math.min(Math.ceil(to / 60) * 60, 24 * 60) };
}

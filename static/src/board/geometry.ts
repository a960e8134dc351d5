// Pixels and instants of the timeline. Pure: no DOM, no zone but the day's own midnight.

export interface Scale {
  /** First instant shown, ms. */
  from: number;
  /** Last instant shown, ms. */
  to: number;
  pxPerMin: number;
}

const MINUTE_MS = 60_000;
/** A dragged visit starts on a five-minute mark. */
export const SNAP_MIN = 5;

/** The scale that shows `from`–`to` in `width` px, but never tighter than is readable. */
export function fit(from: number, to: number, width: number, minPxPerHour = 52): Scale {
  const span = (to - from) / MINUTE_MS;
  return { from, to, pxPerMin: Math.max(width / span, minPxPerHour / 60) };
}

export const widthOf = (scale: Scale): number => ((scale.to - scale.from) / MINUTE_MS) * scale.pxPerMin;
export const xOf = (ms: number, scale: Scale): number => ((ms - scale.from) / MINUTE_MS) * scale.pxPerMin;
export const instantAt = (x: number, scale: Scale): number => scale.from + (x / scale.pxPerMin) * MINUTE_MS;
export const lengthOf = (min: number, scale: Scale): number => min * scale.pxPerMin;

/** The nearest five-minute mark, counted from the scale's own start (a full hour). */
export function snap(ms: number, scale: Scale, step = SNAP_MIN): number {
  const unit = step * MINUTE_MS;
  return scale.from + Math.round((ms - scale.from) / unit) * unit;
}

/** Keeps a visit of `durationMin` inside the day. */
export function clampStart(ms: number, durationMin: number, scale: Scale): number {
  return Math.max(scale.from, Math.min(ms, scale.to - durationMin * MINUTE_MS));
}

/** Full hours to draw, every one or every second when they would crowd. */
export function ticks(scale: Scale): number[] {
  const step = scale.pxPerMin * 60 < 34 ? 2 : 1;
  const out: number[] = [];
  for (let t = scale.from; t <= scale.to; t += step * 60 * MINUTE_MS) out.push(t);
  return out;
}

/** Index of the row under `y`, or -1 outside. */
export function rowAt(y: number, rowHeight: number, count: number): number {
  const index = Math.floor(y / rowHeight);
  return index >= 0 && index < count ? index : -1;
}

/** The hours to show: the shifts with a margin, at least 7 to 18, in full hours, as minutes after midnight. */
export function shownHours(
  spans: { start: string; end: string }[],
  midnight: number,
): { fromMin: number; toMin: number } {
  let from = 7 * 60;
  let to = 18 * 60;
  for (const span of spans) {
    const start = (Date.parse(span.start) - midnight) / MINUTE_MS;
    const end = (Date.parse(span.end) - midnight) / MINUTE_MS;
    if (start >= 0) from = Math.min(from, start);
    if (end <= 24 * 60) to = Math.max(to, end);
  }
  return { fromMin: Math.floor(from / 60) * 60, toMin: Math.min(Math.ceil(to / 60) * 60, 24 * 60) };
}

// What a bar of the timeline can say in its width: the hour before all, then the name; digits are never cut. Pure.

/**
 * `wide`: hour and name, town below · `mid`: hour, name below · `slim`: the hour over its minutes · `none`: too thin for
 * any digit, and named by the tooltip alone.
 */
export type Fit = 'wide' | 'mid' | 'slim' | 'none';

/** Pixels that a digit of the small size takes, its neighbours' air included. */
const SMALL_DIGIT_PX = 6.6;
/** Border, edge and air of a bar. */
const AROUND_PX = 9;
const WIDE_PX = 150;
/** From here on the usual size has room. */
const USUAL_PX = 54;
const SLIM_PX = 22;

export interface Label {
  fit: Fit;
  /** The smaller of the two sizes. */
  small: boolean;
}

/** How a bar of `width` px is labelled whose hour reads `time`. */
export function labelOf(width: number, time: string): Label {
  const whole = time.length * SMALL_DIGIT_PX + AROUND_PX;
  const fit = width >= WIDE_PX ? 'wide' : width >= whole ? 'mid' : width >= SLIM_PX ? 'slim' : 'none';
  return { fit, small: width < USUAL_PX };
}

/** The hour with its sign, and the minutes: « 13h » and « 30 ». */
export function stacked(time: string): [string, string] {
  const at = time.search(/\D/) + 1;
  return [time.slice(0, at), time.slice(at)];
}

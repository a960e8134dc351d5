// What a bar of the timeline can say in its width: hour and name where both have room, else the name alone, for the axis above
// tells the hour. An hour is never cut, nor broken over two lines. Pure.

/**
 * `wide`: hour and name, town below · `mid`: hour, name below · `name`: the name alone, faded where it ends · `none`: too thin
 * for any letter, and named by the tooltip alone.
 */
export type Fit = 'wide' | 'mid' | 'name' | 'none';

/** Pixels that a digit of the small size takes, its neighbours' air included. */
const SMALL_DIGIT_PX = 6.6;
/** Border, edge and air of a bar. */
const AROUND_PX = 9;
const WIDE_PX = 150;
/** From here on the usual size has room. */
const USUAL_PX = 54;
/** In a row of one line, hour and name stand side by side from here on. */
const BESIDE_PX = 84;
/** Less holds two letters at most, which name nobody. */
const NAME_PX = 20;

export interface Label {
  fit: Fit;
  /** The smaller of the two sizes. */
  small: boolean;
}

/** How a bar of `width` px is labelled whose hour reads `time`; `tall` where a second line has room. */
export function labelOf(width: number, time: string, tall: boolean): Label {
  const both = tall ? time.length * SMALL_DIGIT_PX + AROUND_PX : BESIDE_PX;
  const fit = width >= WIDE_PX ? 'wide' : width >= both ? 'mid' : width >= NAME_PX ? 'name' : 'none';
  return { fit, small: width < USUAL_PX };
}

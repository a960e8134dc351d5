// A home base as its fields hold it: two coordinates in text, and the point that they mean. Pure.
import type { Point } from '../map/shapes';
import { readDegrees, readPair } from './draft';

/** The point that two typed coordinates mean; null where they mean none that a map can show. */
export function pointOf(lat: string, lon: string): Point | null {
  const [y, x] = [readDegrees(lat), readDegrees(lon)];
  return y === null || x === null || Math.abs(y) > 85 || Math.abs(x) > 180 ? null : [x, y];
}

/** A point as its fields show it, to a metre. */
export const typedAs = ([x, y]: Point): { lat: string; lon: string } => ({ lat: y.toFixed(5), lon: x.toFixed(5) });

/** "45.05, -73.58", as maps give it; null for what is no pair. */
export function pastedPoint(text: string): Point | null {
  const pair = readPair(text);
  return pair && [pair[1], pair[0]];
}

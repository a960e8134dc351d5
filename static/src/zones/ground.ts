// The ground of a zone: whether a place lies on it, on which days it counts, and its corners as people type them. Pure.
import type { Zone } from '../api/zones';

/** [lon, lat]. */
type Point = [number, number];

/** Whether a point lies inside the first ring and outside the others, by counting crossings. */
export function holds(rings: readonly (readonly Point[])[], [x, y]: Point): boolean {
  let odd = false;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [a, b] = [ring[i] as Point, ring[j] as Point];
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) odd = !odd;
    }
  return odd;
}

/** Whether a zone counts on a local day, YYYY-MM-DD. */
export const countsOn = (zone: Pick<Zone, 'valid_from' | 'valid_until'>, day: string): boolean =>
  (!zone.valid_from || zone.valid_from <= day) && (!zone.valid_until || day <= zone.valid_until);

/** Corners as lines of "lat, lon", five places after the point. */
export const written = (corners: readonly Point[]): string =>
  corners.map(([lon, lat]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`).join('\n');

/** Corners out of lines of "lat, lon"; the number of the first line (from 1) that is none, instead. */
export function read(text: string): Point[] | number {
  const corners: Point[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(line.replace(/−/g, '-'));
    if (!found) return index + 1;
    corners.push([Number(found[2]), Number(found[1])]);
  }
  return corners;
}

/** The border without its last corner, which closes it. */
export const cornersOf = (zone: Pick<Zone, 'polygon'>): Point[] => (zone.polygon.coordinates[0] ?? []).slice(0, -1);

/** A border that closes. */
export const closed = (corners: readonly Point[]): Point[] => (corners.length ? [...corners, corners[0] as Point] : []);

// Web Mercator, for the map that draws itself. Pure. World size is 512 px at zoom 0, as MapLibre has it.
import type { Point } from './shapes';

const TILE = 512;

export const worldSize = (zoom: number): number => TILE * 2 ** zoom;

export function project([lon, lat]: Point, zoom: number): Point {
  const size = worldSize(zoom);
  const sin = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size];
}

export function unproject([x, y]: Point, zoom: number): Point {
  const size = worldSize(zoom);
  const n = Math.PI - (2 * Math.PI * y) / size;
  return [(x / size) * 360 - 180, (180 / Math.PI) * Math.atan(Math.sinh(n))];
}

/** Centre and zoom that show a box in `width` × `height` px with a margin. */
export function fitBox(
  [w, s, e, n]: [number, number, number, number],
  width: number,
  height: number,
  margin = 36,
  maxZoom = 13,
): { centre: Point; zoom: number } {
  const [x0, y1] = project([w, s], 0);
  const [x1, y0] = project([e, n], 0);
  const across = Math.max(x1 - x0, 1e-9);
  const down = Math.max(y1 - y0, 1e-9);
  const zoom = Math.min(
    maxZoom,
    Math.log2(Math.max(40, width - 2 * margin) / across),
    Math.log2(Math.max(40, height - 2 * margin) / down),
  );
  return { centre: unproject([(x0 + x1) / 2, (y0 + y1) / 2], 0), zoom };
}

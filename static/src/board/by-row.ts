// Ids by the row that their visit stands in, so that only those rows are drawn anew.
import { board } from './store';

/** Jobs without a visit are left out. */
export function byRow(ids: Iterable<string>): Record<string, ReadonlySet<string>> {
  const by: Record<string, Set<string>> = {};
  for (const id of ids) {
    const technician = board.value.jobs[id]?.visit?.technician_id;
    if (technician) (by[technician] ??= new Set()).add(id);
  }
  return by;
}

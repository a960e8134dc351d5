// Which bar of the timeline an element belongs to, and in which rows a visit stands: the lead's, and those of all who go along.
import { board } from './store';

export const BARS = '[data-job],[data-along]';

/** The job of a bar, be it the lead's or that of somebody who goes along. */
export function idOf(element: Element): string | undefined {
  const bar = element.closest<HTMLElement>(BARS)?.dataset;
  return bar?.['job'] ?? bar?.['along'];
}

/** Ids by the rows that their visit stands in, so that only those rows are drawn anew. */
export function byRow(ids: Iterable<string>): Record<string, ReadonlySet<string>> {
  const by: Record<string, Set<string>> = {};
  for (const id of ids) {
    const visit = board.value.jobs[id]?.visit;
    const holders = visit ? [visit.technician_id, ...(visit.assistants ?? []), ...(visit.materials ?? [])] : [];
    for (const holder of holders) (by[holder] ??= new Set()).add(id);
  }
  return by;
}

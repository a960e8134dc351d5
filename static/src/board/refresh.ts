// Rows read anew after what changed them elsewhere than in the event itself: a neighbour's drive after a move, the shifts of
// somebody just hired. It gathers for a moment and asks once for all of them.
import { call } from '../api/client';
import type { LiveEvent, OutsideCalendar, Span } from '../api/types';

export interface FreshRow {
  technician_id: string;
  shifts: Span[];
  absences: (Span & { id?: string; reason?: string | null })[];
  busy?: (Span & { title?: string | null })[];
  calendars?: OutsideCalendar[];
  visits: { visit_id: string; job_id: string; travel_min: number }[];
}

interface Placed {
  technician_id?: string;
}

/** Whose rows an event may have changed beyond what it says. */
export function touched(event: LiveEvent): string[] {
  const data = event.data ?? {};
  const ids = new Set<string>();
  if (/^job\.(assigned|moved|unassigned|status|cancelled)$/.test(event.type)) {
    const visit = (data['job'] as { visit?: Placed | null } | undefined)?.visit;
    for (const place of [visit, data['from']]) {
      const id = place && typeof place === 'object' ? (place as Placed).technician_id : undefined;
      if (id) ids.add(id);
    }
  } else if (/^technician\.(created|updated|absent)$/.test(event.type)) {
    const id = (data['technician'] as { id?: string } | undefined)?.id;
    if (id) ids.add(id);
  }
  return [...ids];
}

/** Moves come in bursts; the answer of one question serves them all. */
const GATHER_MS = 180;
/** The server answers for as many at once. */
const ROWS_MAX = 100;

/** Gathers ids and asks; `tell` gets the rows, unless another day is shown by then. */
export function refresher(
  shown: () => { date: string; days: number },
  tell: (rows: FreshRow[]) => void,
): (ids: readonly string[]) => void {
  const wanted = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (): Promise<void> => {
    timer = undefined;
    const ids = [...wanted].slice(0, ROWS_MAX);
    for (const id of ids) wanted.delete(id);
    if (wanted.size) timer = setTimeout(() => void ask(), GATHER_MS);
    const { date, days } = shown();
    const query = `technicians=${ids.map(encodeURIComponent).join(',')}&date=${date}&days=${days}`;
    try {
      const answer = await call<{ items: FreshRow[] }>('GET', `/dispatch/rows?${query}`);
      const now = shown();
      if (now.date === date && now.days === days) tell(answer.items);
    } catch {
      // The next event, or the next snapshot, says it again.
    }
  };
  return (ids) => {
    for (const id of ids) wanted.add(id);
    if (wanted.size && !timer) timer = setTimeout(() => void ask(), GATHER_MS);
  };
}

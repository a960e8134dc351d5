// What a new plan would change, made ready for drawing: figures side by side, changes by technician. Pure.
import type { Figures, PlannedChange } from '../api/types';
import { sharesOf } from './compared';

export type FigureName = 'planned' | 'unassigned' | 'driving_min' | 'km' | 'technicians' | 'promises_kept';
/** `plain` is a figure of which neither more nor less is better. */
export type Verdict = 'better' | 'worse' | 'same' | 'plain';

export interface Compared {
  name: FigureName;
  before: number;
  after: number;
  /** After less before. */
  delta: number;
  verdict: Verdict;
  /** Lengths of the two bars, 0 to 1 of the longer one. */
  beforeShare: number;
  afterShare: number;
}

/** Which way is better: more, less, or neither. */
const BETTER: [FigureName, 1 | -1 | 0][] = [
  ['planned', 1],
  ['unassigned', -1],
  ['promises_kept', 1],
  ['driving_min', -1],
  ['km', -1],
  ['technicians', 0],
];

/** What grows by itself when more visits are made, and is then no worse for it. */
const PRICE = new Set<FigureName>(['driving_min', 'km']);

/** The figures in the order in which people ask for them; promises only where some were made. */
export function compare(before: Figures, after: Figures): Compared[] {
  return BETTER.filter(([name]) => name !== 'promises_kept' || before.promises > 0 || after.promises > 0).map(
    ([name, way]) => {
      const [a, b] = [before[name], after[name]];
      const [beforeShare, afterShare] = sharesOf(a, b);
      const delta = b - a;
      const priced = PRICE.has(name) && delta > 0 && after.planned > before.planned;
      const verdict = delta === 0 ? 'same' : way === 0 || priced ? 'plain' : delta * way > 0 ? 'better' : 'worse';
      return { name, before: a, after: b, delta, verdict, beforeShare, afterShare };
    },
  );
}

export type ChangeKind = 'placed' | 'handed' | 'shifted';

/** A job from the pool, a visit handed to somebody else, or one that stays with its technician at another time. */
export function kindOf(change: PlannedChange): ChangeKind {
  if (!change.before) return 'placed';
  return change.before.technician_id === change.technician_id ? 'shifted' : 'handed';
}

export interface Group {
  technicianId: string;
  name: string;
  changes: PlannedChange[];
}

/** The changes of each technician who gets them, by name, in the order of the day. */
export function byTechnician(changes: PlannedChange[]): Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const { technician_id: technicianId, technician_name: name } = change;
    const group = groups.get(technicianId) ?? { technicianId, name, changes: [] };
    group.changes.push(change);
    groups.set(technicianId, group);
  }
  for (const group of groups.values()) group.changes.sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
  return [...groups.values()].sort((a, b) => a.name.localeCompare(b.name, 'fr'));
}

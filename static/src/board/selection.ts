// Which jobs are selected, on the timeline and in the pool alike: one is the job that is looked at, others may be with it.
// Pure bookkeeping: it knows ids and orders, no pixels.
import { computed, shallowRef } from 'vue';

const NOTHING: ReadonlySet<string> = new Set();

/** Every selected job. */
export const selection = shallowRef<ReadonlySet<string>>(NOTHING);
/** Where a range begins: what was clicked or toggled last. */
let anchor: string | null = null;

export const several = computed(() => selection.value.size > 1);

/** Selects this job alone, or nothing. */
export function selectOnly(id: string | null): void {
  anchor = id;
  if (id === null) selection.value = NOTHING;
  else if (selection.value.size !== 1 || !selection.value.has(id)) selection.value = new Set([id]);
}

/** Adds the job, or takes it out again. */
export function toggle(id: string): void {
  const next = new Set(selection.value);
  if (!next.delete(id)) next.add(id);
  anchor = id;
  selection.value = next;
}

/** Selects from the anchor to `id` in the order given; from `id` alone where the anchor is elsewhere. */
export function selectRange(id: string, order: readonly string[]): void {
  const to = order.indexOf(id);
  const from = anchor === null ? -1 : order.indexOf(anchor);
  if (to < 0) return;
  if (from < 0) return selectOnly(id);
  selection.value = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1));
}

/** Selects all of these. */
export function selectAll(ids: readonly string[]): void {
  anchor = ids[0] ?? null;
  selection.value = new Set(ids);
}

/** Lets go of what is there no longer. */
export function keepOnly(there: (id: string) => boolean): void {
  const kept = [...selection.value].filter(there);
  if (kept.length !== selection.value.size) selection.value = new Set(kept);
}

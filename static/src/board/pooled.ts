// Bringing a job of the pool into view: the list scrolls to it, and what would hide it there gives way.
import { nextTick } from 'vue';
import { setFilter } from './filters';
import { intoView } from './bring';
import { board } from './store';

const found = (id: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-pool-job="${CSS.escape(id)}"]`);

/** Scrolls the pool to the job and gives it the focus; filters that keep it out are let go. */
export async function showInPool(id: string): Promise<void> {
  await nextTick();
  if (!found(id)) {
    for (const name of ['q', 'pool', 'zone']) setFilter(name, '');
    await nextTick();
  }
  // Of a list too long to be drawn, it is asked for by name.
  const job = board.value.jobs[id];
  if (!found(id) && job) {
    setFilter('q', job.customer_name || job.title);
    await nextTick();
  }
  const item = found(id);
  intoView(item?.closest('ul') ?? null, item, { top: 0, left: 0 });
  item?.focus({ preventScroll: true });
}

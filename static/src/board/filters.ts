// What of the board is shown: the pool's filter, words and order. Stands in the address, so that a view can be passed on.
import { reactive } from 'vue';

/** By name, as in the address; empty is what is usual. */
export const filters = reactive<Record<string, string>>({});

/** Takes what an address says; what it does not name is as usual. */
export function takeFilters(next: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(filters)) if (!(name in next)) delete filters[name];
  Object.assign(filters, next);
}

/** Sets one; the usual value leaves the address. */
export function setFilter(name: string, value: string, usual = ''): void {
  if (value === usual || !value) delete filters[name];
  else filters[name] = value;
}

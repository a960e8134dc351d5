// The board and its address say the same: what is shown is written into the address without a new step in the history, and an
// address that was typed, or passed on by a colleague, is shown.
import { onBeforeUnmount, onMounted, watch } from 'vue';
import { route } from '../house';
import { addressOf, isBoard, readAddress } from './address';
import { filters, takeFilters } from './filters';
import { board, load, today } from './store';

/** What changes rests for so long before it is written, ms. */
const REST_MS = 200;

const written = (): string => {
  const { date, days } = board.value;
  return addressOf({ date, days, filters }, today());
};

/** Loads what the address asks for. */
async function follow(): Promise<void> {
  const asked = readAddress(route.value);
  takeFilters(asked.filters);
  // The plain address, come to from another page, is the board as it was left.
  const plain = route.value === '/';
  await load(
    asked.date ?? (plain && board.value.date ? board.value.date : today()),
    asked.days ?? (plain ? board.value.days : 1),
  );
}

/** To be called in the view's set-up; resolves nothing, `follow` loads. */
export function useAddress(): { follow: () => Promise<void> } {
  let mine = '';
  const write = (): void => {
    if (!board.value.date || !isBoard(route.value)) return;
    const next = written();
    if (next === route.value) return;
    mine = next;
    history.replaceState(history.state, '', `#${next}`);
    route.value = next;
  };
  // Whoever types into a filter writes one address, not one for each letter: browsers refuse more.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  };
  const unwatch: (() => void)[] = [];
  onMounted(() => {
    unwatch.push(
      watch(() => [board.value.date, board.value.days, { ...filters }], soon),
      watch(route, (now) => {
        if (isBoard(now) && now !== mine && now !== written()) void follow();
        mine = '';
      }),
    );
  });
  onBeforeUnmount(() => {
    clearTimeout(timer);
    unwatch.forEach((stop) => stop());
  });
  return { follow };
}

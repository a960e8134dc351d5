// The customers' pages stand on the board's line: it stays live beside them, and what it says of jobs shows here too.
import { onBeforeUnmount, onMounted } from 'vue';
import { board, load, stop, today } from '../board/store';

export function followLine(): void {
  onMounted(() => void load(board.value.date || today()));
  onBeforeUnmount(stop);
}

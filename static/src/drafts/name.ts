// The draft that this person works in, if any: what is dragged then goes there and not onto the live board. Kept for this
// page alone, so that nobody comes back tomorrow and wonders why nothing moves.
import { ref } from 'vue';

/** Null while the board is live under one's hands. */
export const draftName = ref<string | null>(null);

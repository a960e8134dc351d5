// Whether this is a phone, as the style sheets measure it (760 px).
import { ref } from 'vue';

const query = window.matchMedia('(max-width: 760px)');
export const narrow = ref(query.matches);
query.addEventListener('change', () => (narrow.value = query.matches));

const tight = window.matchMedia('(max-width: 2040px)');
/** Too little room for a top bar with everything in it. */
export const compact = ref(tight.matches);
tight.addEventListener('change', () => (compact.value = tight.matches));

// Who may do what at a desk, by role. The server decides; this only spares people buttons that would be refused.
import { computed } from 'vue';
import { person } from '../house';

const OFFICE = ['admin', 'dispatcher', 'support'];
const DISPATCH = ['admin', 'dispatcher'];

/** May write customers, places and jobs down. */
export const mayWrite = computed(() => OFFICE.includes(person.value?.role ?? ''));
/** May give jobs to technicians, and end them. */
export const mayDispatch = computed(() => DISPATCH.includes(person.value?.role ?? ''));

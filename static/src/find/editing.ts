// The job whose data are being changed in the form above the page. State alone.
import { shallowRef } from 'vue';
import type { Job } from '../api/types';

export const editedJob = shallowRef<Job | null>(null);

/** The job that somebody is about to call off; asked about before it is done. */
export const callingOff = shallowRef<Job | null>(null);

// Jobs among which one is chosen, each with the day and the hour that tell it from its like. Pure.
import type { Job } from '../api/types';
import { wallClock } from '../words/zone';

export interface Listed {
  job: Job;
  /** YYYY-MM-DD; empty where nothing says when. */
  day: string;
  /** When its visit, or else its window, begins. */
  at: string;
}

/** By day and hour; what has no day comes last. */
export function listed(jobs: readonly Job[], zone: string): Listed[] {
  const all = jobs.map((job) => {
    const at = (job.status === 'unassigned' ? null : job.visit?.start) ?? job.arrival_window?.start ?? '';
    return { job, at, day: at ? wallClock(Date.parse(at), zone).date : (job.series?.on ?? '') };
  });
  const key = ({ day, at, job }: Listed): string => `${day || '9'}|${at}|${job.title}`;
  return all.sort((a, b) => key(a).localeCompare(key(b)));
}

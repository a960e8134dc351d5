// What the timeline and the top bar show of drafts. Reads the board, changes nothing.
import { computed } from 'vue';
import { familyName } from '../words/format';
import { board } from '../board/store';
import type { DraftEntry } from './api';
import { draftName } from './name';

export const entries = computed<DraftEntry[]>(() => Object.values(board.value.drafts));

/** Drafts by name, with how many entries each has; the one being worked in is there also while it is empty. */
export const drafts = computed(() => {
  const counts = new Map<string, number>();
  if (draftName.value) counts.set(draftName.value, 0);
  for (const entry of entries.value) counts.set(entry.draft, (counts.get(entry.draft) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => a.name.localeCompare(b.name, 'fr'));
});

/** What the timeline draws as not yet real: the entries that put a visit somewhere. */
export const draftGhosts = computed(() =>
  entries.value
    .filter((entry) => !entry.removes)
    .map(({ visit }) => {
      const startMs = Date.parse(visit.start);
      const job = board.value.jobs[visit.job_id];
      const ghost = {
        key: `draft-${visit.job_id}`,
        jobId: visit.job_id,
        startMs,
        durationMin: (Date.parse(visit.end) - startMs) / 60_000,
        kind: 'planned' as const,
        label: familyName(job?.customer_name) || (job?.title ?? ''),
      };
      return { technician_id: visit.technician_id, ghost };
    }),
);

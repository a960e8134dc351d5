// A job as it stands in a form: text and clock times, made into what the server takes. Pure.
import type { JobInput } from '../api/desk';
import type { Job, Priority, Skill, Span } from '../api/types';
import { once, repeatOf, ruleOf, wrongRepeat, type Repeat } from '../series/rule';
import { instantOf, rfc3339, wallClock } from '../words/zone';

export interface JobDraft {
  title: string;
  /** Empty where it has none. */
  kind: string;
  duration: string;
  priority: Priority;
  skills: { tag: string; level: number; required: boolean }[];
  /** YYYY-MM-DD, HH:MM, HH:MM in the company's zone; all three or none. */
  date: string;
  from: string;
  to: string;
  /** The day on which the window ends, YYYY-MM-DD; empty where it is the same. */
  until: string;
  notes: string;
  repeat: Repeat;
}

export type WrongJob = Partial<Record<'title' | 'duration' | 'skills' | 'window' | 'notes' | 'repeat', string>>;

const DURATION_MAX_MIN = 24 * 60;

export const freshJob = (): JobDraft => ({
  title: '',
  kind: '',
  duration: '60',
  priority: 'normal',
  skills: [],
  date: '',
  from: '',
  to: '',
  until: '',
  notes: '',
  repeat: once(),
});

const two = (n: number): string => String(n).padStart(2, '0');
const asTime = (at: string, zone: string): string => {
  const { hour, minute } = wallClock(Date.parse(at), zone);
  return `${two(hour)}:${two(minute)}`;
};

/** The day on which a window ends, where it is another than the one on which it begins. */
function lastDay(window: Span, zone: string): string {
  const [first, last] = [window.start, window.end].map((at) => wallClock(Date.parse(at), zone).date);
  return last && last !== first ? last : '';
}

export function draftOf(job: Job, zone: string): JobDraft {
  const window = job.arrival_window;
  return {
    title: job.title,
    kind: job.kind ?? '',
    duration: String(job.duration_min),
    priority: job.priority,
    skills: job.skills.map((need) => ({ tag: need.tag, level: need.level, required: need.required ?? true })),
    date: window ? wallClock(Date.parse(window.start), zone).date : '',
    from: window ? asTime(window.start, zone) : '',
    to: window ? asTime(window.end, zone) : '',
    until: window ? lastDay(window, zone) : '',
    notes: job.notes ?? '',
    repeat: repeatOf(job.recurrence),
  };
}

const minutesOf = (time: string): number => {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
};

/** The window that the form says; none while it is not whole. */
export function windowOf(draft: JobDraft, zone: string): Span | null {
  if (!draft.date || !draft.from || !draft.to) return null;
  return {
    start: rfc3339(instantOf(draft.date, minutesOf(draft.from), zone)),
    end: rfc3339(instantOf(draft.until || draft.date, minutesOf(draft.to), zone)),
  };
}

/** True once the window that the form says is over: nobody can come in it any more. */
export function isOver(draft: JobDraft, zone: string, nowMs: number): boolean {
  const window = draft.repeat.frequency === 'none' ? windowOf(draft, zone) : null;
  return !!window && Date.parse(window.end) < nowMs;
}

export function wrongJob(draft: JobDraft): WrongJob {
  const duration = Number(draft.duration);
  const some = [draft.date, draft.from, draft.to].filter(Boolean).length;
  // Days are compared as text: YYYY-MM-DD sorts by time.
  const last = draft.until || draft.date;
  const later = last > draft.date || (last === draft.date && minutesOf(draft.to) > minutesOf(draft.from));
  const ordered = some === 0 ? !draft.until : some === 3 && later;
  return {
    ...(draft.title.trim() ? {} : { title: 'title' }),
    ...(Number.isInteger(duration) && duration >= 1 && duration <= DURATION_MAX_MIN ? {} : { duration: 'duration' }),
    ...(draft.skills.every((need) => need.tag) ? {} : { skills: 'skills' }),
    ...(ordered ? {} : { window: 'window' }),
    ...(draft.notes.length <= 10_000 ? {} : { notes: 'notes' }),
    ...(wrongRepeat(draft.repeat) ? { repeat: 'repeat' } : {}),
  };
}

/** The day from which a rule counts: the window's, or today. */
export const firstDay = (draft: JobDraft, zone: string, nowMs: number): string =>
  draft.date || wallClock(nowMs, zone).date;

export function inputOf(draft: JobDraft, zone: string, nowMs: number): JobInput {
  const skills: Skill[] = draft.skills.map(({ tag, level, required }) => ({ tag, level, required }));
  return {
    title: draft.title.trim(),
    kind: draft.kind.trim() || null,
    duration_min: Number(draft.duration),
    priority: draft.priority,
    skills,
    arrival_window: windowOf(draft, zone),
    notes: draft.notes.trim() || null,
    recurrence: ruleOf(draft.repeat, firstDay(draft, zone, nowMs)),
    ...(draft.repeat.frequency === 'none'
      ? {}
      : { exceptions: draft.repeat.exceptions, holidays: draft.repeat.holidays }),
  };
}

const FIELDS: Record<string, keyof WrongJob> = {
  title: 'title',
  duration_min: 'duration',
  skills: 'skills',
  arrival_window: 'window',
  notes: 'notes',
  recurrence: 'repeat',
};

/** The server's pointers as fields of the form. */
export function pointedJob(pointers: string[]): WrongJob {
  const wrong: WrongJob = {};
  for (const pointer of pointers) {
    const field = FIELDS[pointer.split('/')[1] ?? ''];
    if (field) wrong[field] = field;
  }
  return wrong;
}

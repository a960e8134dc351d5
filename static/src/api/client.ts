// The only place where the board speaks HTTP. Every refusal becomes a `Refused` whose `message` is a sentence for people.
import { language } from '../words';
import { freshKey } from './key';
import type {
  Assigned,
  AutoAssignment,
  BoardAnswer,
  Hold,
  HouseConfig,
  Job,
  JobStatus,
  MoveAsked,
  Optimised,
  OutboxItem,
  Person,
  Reasons,
  Suggestion,
} from './types';

/** A problem+json answer, or no answer at all (`status` 0). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly current: unknown = null,
    /** Stable, `room.what_is_wrong`. */
    readonly code = '',
    /** Which fields were wrong: `/phone`. */
    readonly pointers: string[] = [],
    /** All that was answered. */
    readonly problem: ProblemBody = {},
  ) {
    super(message);
  }
}

export interface ProblemBody {
  title?: string;
  code?: string;
  detail?: string;
  errors?: { pointer?: string; detail?: string }[];
  current?: unknown;
  detail_fr?: string;
  detail_en?: string;
  /** With a stale version: who saved before, and when. */
  changed_by?: string;
  /** The person behind the account. */
  changed_by_name?: string;
  changed_at?: string;
  /** With a move that others wait for: which would begin too soon. */
  would_break?: { job_id: string; title: string; to: string }[];
}

async function refusal(answer: Response): Promise<Refused> {
  let body: ProblemBody = {};
  try {
    body = (await answer.json()) as ProblemBody;
  } catch {
    // A proxy may answer with a page of its own; the status is then all we know.
  }
  const first = body.errors?.[0]?.detail;
  return new Refused(
    answer.status,
    body[`detail_${language()}`] ?? body.detail ?? first ?? body.title ?? `HTTP ${answer.status}`,
    body.current,
    body.code,
    (body.errors ?? []).map((one) => one.pointer ?? ''),
    body,
  );
}

/** Why nothing may be changed now; leaving always may. */
let held: (() => string) | null = null;

/** While an earlier moment is shown, what would change the present is refused here, with these words. */
export function holdWrites(why: (() => string) | null): void {
  held = why;
}

/** The newest act that this page did. */
let newest: number | undefined;
export const newestAct = (): number | undefined => newest;

/** What was asked, and as which act the server did it: for a way back from that and nothing else. 0 where nothing was done. */
export interface Acted<T> {
  answer: T;
  act: number;
}

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  return (await acting<T>(method, path, body)).answer;
}

/** As `call`, and names the act. */
export async function acting<T>(method: string, path: string, body?: unknown): Promise<Acted<T>> {
  if (held && method !== 'GET' && !path.startsWith('/auth/')) throw new Refused(409, held());
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['Idempotency-Key'] = freshKey();
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused(0, '');
  }
  if (!answer.ok) throw await refusal(answer);
  const act = Number(answer.headers?.get('Tournee-Act')) || 0;
  newest = act || newest;
  const text = answer.status === 204 ? '' : await answer.text();
  return { answer: (text ? JSON.parse(text) : undefined) as T, act };
}

const id = encodeURIComponent;

export const api = {
  me: () => call<{ user: Person }>('GET', '/auth/me'),
  login: (email: string, password: string) => call<{ user: Person }>('POST', '/auth/login', { email, password }),
  logout: () => call<void>('POST', '/auth/logout', {}),
  setup: (token: string, name: string, email: string, password: string) =>
    call<{ user: Person }>('POST', '/auth/setup', { token, name, email, password }),
  /** The phone of one's own account; `version` is what was seen of it. */
  ownPhone: (phone: string | null, version: number) => call<{ user: Person }>('PATCH', '/auth/me', { phone, version }),
  config: () => call<HouseConfig>('GET', '/ops/config'),
  /** Without a date: today's. */
  board: (date?: string, days = 1) =>
    call<BoardAnswer>('GET', `/dispatch/board?${date ? `date=${id(date)}&` : ''}days=${days}`),
  /** `pinned` false puts a visit back that no person had fixed. */
  assign: (body: {
    job_id: string;
    technician_id: string;
    /** Who goes along; as it stands where left out. */
    assistants?: string[];
    materials?: string[];
    start?: string;
    /** Without a start: behind the last visit of this day. */
    append_to?: string;
    version?: number;
    override?: string[];
    /** Visits that wait for this one move along where they must. */
    with_waiting?: boolean;
    pinned?: boolean;
    draft?: string;
    guard_promises?: boolean;
    break_promise?: { reason: string; tell: boolean };
  }) => call<Assigned>('POST', '/dispatch/assign', body),
  /** All of them or none. */
  /** On the live board told windows are guarded; `break_promise` breaks them knowingly. */
  assignMany: (moves: MoveAsked[], breaking?: { reason: string; tell: boolean }) =>
    call<{ jobs: Job[]; warnings?: Reasons }>('POST', '/dispatch/assign-many', {
      moves,
      guard_promises: true,
      ...(breaking ? { break_promise: breaking } : {}),
    }),
  unassign: (job_id: string, version?: number, more: Record<string, unknown> = {}) =>
    call<Job>('POST', '/dispatch/unassign', { job_id, version, ...more }),
  suggest: (job_id: string, from: string, to: string, limit = 5) =>
    call<Suggestion>('POST', '/dispatch/suggest', { job_id, from, to, limit }),
  autoAssign: (date: string, mode: 'preview' | 'apply') =>
    acting<AutoAssignment>('POST', '/dispatch/auto-assign', { date, mode }),
  /** Searches for a better day for `seconds`, and changes nothing. */
  optimise: (date: string, seconds: number) =>
    call<Optimised>('POST', '/dispatch/optimize', { date, seconds, mode: 'preview' }),
  /** Does exactly what the preview `plan_id` showed. */
  applyPlan: (date: string, plan_id: string) =>
    call<Optimised>('POST', '/dispatch/optimize', { date, plan_id, mode: 'apply' }),
  /** Takes an applied plan back, as long as every visit stands where it put it. */
  undoPlan: (date: string, plan_id: string) =>
    call<Optimised>('POST', '/dispatch/optimize', { date, plan_id, mode: 'undo' }),
  acceptProposal: (proposal_id: string) => call<unknown>('POST', `/dispatch/proposals/${id(proposal_id)}/accept`, {}),
  dismissProposal: (proposal_id: string) => call<unknown>('POST', `/dispatch/proposals/${id(proposal_id)}/dismiss`, {}),
  /** A slot is kept for a job for a quarter of an hour. */
  hold: (job_id: string, technician_id: string, start: string) =>
    call<Hold>('POST', '/dispatch/holds', { job_id, technician_id, start }),
  release: (hold_id: string) => acting<void>('DELETE', `/dispatch/holds/${id(hold_id)}`),
  status: (job_id: string, status: JobStatus) => call<Job>('POST', `/jobs/${id(job_id)}/status`, { status }),
  outbox: (state: string, limit = 200) =>
    call<{ items: OutboxItem[]; next: string | null }>(
      'GET',
      `/outbox?limit=${limit}${state ? `&state=${id(state)}` : ''}`,
    ),
  recall: (message_id: string) => call<OutboxItem>('POST', `/outbox/${id(message_id)}/recall`, {}),
};

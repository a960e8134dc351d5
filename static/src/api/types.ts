// The shapes that cross the wire, as CONTRACT.md and the server's OpenAPI say them. Instants are RFC 3339 strings.

import type { Bundle } from '../bundles/api';
import type { Material } from '../materials/api';
import type { DraftEntry } from '../drafts/api';

export type JobStatus = 'unassigned' | 'planned' | 'en_route' | 'on_site' | 'done' | 'cancelled' | 'no_access';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';
export type Language = 'fr' | 'en';

export interface Span {
  start: string;
  end: string;
}

/** When a technician is expected, with the range it is told in. */
export interface Eta {
  at: string;
  low: string;
  high: string;
  /** True when it rests on a fresh position, else on the plan. */
  live?: boolean;
}

/** A window told to a customer; `number` counts the promises of one visit. */
export interface Told extends Span {
  number: number;
  told_at: string;
  message_id?: string;
  /** True when a single time was told, false for a window. */
  is_eta?: boolean;
  /** When it leaves, while it waits to be told. */
  due_at?: string | null;
  /** While it waits: a person must approve it first. */
  held?: boolean;
  /** What was told before it, where this screen saw both. */
  before?: Told | null;
}

/** A customer who should know something and cannot be told. */
export interface Untold {
  job_id: string;
  kind: string;
  why: string;
}

export interface Skill {
  tag: string;
  level: number;
  required?: boolean;
}

export interface Visit {
  id: string;
  technician_id: string;
  /** Who goes along, for all of it. */
  assistants?: string[];
  /** What is taken along. */
  materials?: string[];
  start: string;
  end: string;
  status: JobStatus;
  pinned?: boolean;
  eta?: Eta | null;
  travel_min?: number;
  /** What the customer was told last. */
  promise?: Told | null;
  /** What waits to be told to them: nobody knows of it yet. */
  next_promise?: Told | null;
  on_site_at?: string | null;
  /** Rules that a person overrode for it. */
  overrides?: string[];
}

export interface Job {
  id: string;
  /** In the system it came from. */
  external_id?: string | null;
  status: JobStatus;
  customer_id: string;
  location_id: string;
  title: string;
  kind?: string | null;
  duration_min: number;
  /** How many people it needs, the lead among them. */
  crew_size?: number;
  priority: Priority;
  skills: Skill[];
  arrival_window: Span | null;
  /** What the customer was told, of a job in the pool. */
  promise?: Told | null;
  visit: Visit | null;
  version: number;
  customer_name?: string;
  customer_phone?: string | null;
  customer_language?: Language;
  address?: string;
  lat?: number;
  lon?: number;
  notes?: string | null;
  /** `RRULE:…` of the series it is of. */
  recurrence?: string | null;
  /** Which series, and which of its days. */
  series?: { id: string; on: string } | null;
  /** Jobs that must be over before this one begins. */
  depends_on?: string[];
  lag_min?: number;
}

export interface Position {
  lat: number;
  lon: number;
  at: string;
  heading?: number | null;
  speed_kmh?: number | null;
}

export interface Technician {
  id: string;
  name: string;
  shifts: Span[];
  language?: Language;
  phone?: string;
  home?: { lat: number; lon: number; address?: string };
  skills?: Skill[];
  absences?: (Span & { id?: string; reason?: string | null })[];
  /** What outside calendars take. */
  busy?: (Span & { title?: string | null })[];
  calendars?: OutsideCalendar[];
}

/** A calendar that somebody else keeps; its address is never told. */
export interface OutsideCalendar {
  id: string;
  name: string;
  host: string;
  known_until?: string | null;
  /** What is wrong while something is; what was read last stays in force. */
  problem?: { code: string; since: string } | null;
}

/** `GET /dispatch/board`. */
export interface BoardAnswer {
  seq: number;
  date: string;
  days?: number;
  technicians: (Technician & {
    position: Position | null;
    visits: (Omit<Visit, 'technician_id'> & { job_id: string; job: Job })[];
  })[];
  pool: Job[];
  drafts: DraftEntry[];
  untold?: Untold[];
  proposals?: Proposal[];
  holds?: Hold[];
  materials?: Material[];
  bundles?: Bundle[];
  now?: string;
}

export interface Reasons {
  fr: string[];
  en: string[];
}

export interface Suggestion {
  slots: { technician_id: string; start: string; end: string; added_travel_min: number; reasons: Reasons }[];
  not_possible: { technician_id: string; reasons: Reasons }[];
}

export interface AutoAssignment {
  assigned: {
    job_id: string;
    technician_id: string;
    start: string;
    reasons: Reasons;
    rejected: { technician_id: string; reasons: Reasons }[];
  }[];
  unassigned: { job_id: string; reasons: Reasons }[];
  applied: boolean;
}

/** Where a visit stands, in a plan. */
export interface Place extends Span {
  technician_id: string;
  technician_name: string;
}

/** One visit that a plan puts elsewhere; `before` is null where the job waited in the pool. */
export interface PlannedChange extends Place {
  job_id: string;
  title: string;
  travel_min: number;
  before: Place | null;
  reasons: Reasons;
}

/** A job that a plan leaves out; the last reason is the smallest change that would admit it, where one is enough. */
export interface LeftOut {
  job_id: string;
  title: string;
  priority: Priority;
  reasons: Reasons;
}

/** A technician whose day a plan does not touch, because it cannot be held as it is. */
export interface SetAside {
  technician_id: string;
  technician_name: string;
  reasons: Reasons;
}

/** The sums of a plan; `promises` were told to customers of the day. */
export interface Figures {
  planned: number;
  unassigned: number;
  lost_priority: number;
  driving_min: number;
  km: number;
  technicians: number;
  promises_kept: number;
  promises: number;
}

interface Replan {
  id: string;
  date: string;
  based_on: number;
  changes: PlannedChange[];
  unassigned: LeftOut[];
  before: Figures;
  after: Figures;
}

/** `POST /dispatch/optimize`. */
export interface Optimised extends Replan {
  applied: boolean;
  set_aside: SetAside[];
}

/** What the planner offers when the day has changed; a person accepts. At most one per day. */
export interface Proposal extends Replan {
  made_at: string;
  why: {
    kind: 'late' | 'absent' | 'urgent' | 'no_access' | 'cancelled' | 'unassigned';
    job_ids: string[];
    technician_ids: string[];
  };
  reasons: Reasons;
}

/** A slot kept free for some minutes, for a job that is not yet assigned. */
export interface Hold extends Span {
  id: string;
  technician_id: string;
  job_id: string | null;
  /** When it lapses. */
  until: string;
}

export interface OutboxItem {
  id: string;
  channel: 'sms' | 'email' | 'call';
  to: string;
  /** Whose number it is, where the server says so. */
  to_name?: string;
  body: string;
  kind: string;
  language: Language;
  state: string;
  at: string;
  job_id?: string | null;
  direction?: 'incoming' | 'outgoing';
  /** True while it can still be recalled. */
  waiting?: boolean;
  /** When it may leave. */
  due_at?: string;
  /** Why it failed. */
  problem?: string | null;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  role: string;
  language?: Language;
  /** From it they may dispatch by text, E.164. */
  phone?: string | null;
  version?: number;
}

/** `POST /dispatch/assign`: the job as it is now, and what a dispatcher should hear although it was done. */
export type Assigned = Job & { warnings?: Reasons };

/** One of several moves, as `POST /dispatch/assign-many` takes it; without a technician into the pool. */
export interface MoveAsked {
  job_id: string;
  version: number;
  technician_id?: string;
  start?: string;
  /** Without a start: behind the last visit of this day. */
  append_to?: string;
  override?: string[];
  pinned?: boolean;
}

/** `GET /ops/config`: what the screens need to know of the house. */
export interface HouseConfig {
  company: string;
  language: Language;
  timezone: string;
  headquarters: { lat: number; lon: number };
  outbound: string;
  undo_seconds: number;
  /** Whether an address may be asked for beyond the imported file. */
  addresses_elsewhere?: boolean;
  map_style_url: string | null;
  now: string;
  /** How many times as fast as ours the server's clock runs; 1 but in demonstrations. */
  speed?: number;
}

/** One frame of the live stream; `seq` is null for what passes and is not kept. */
export interface LiveEvent {
  seq: number | null;
  at: string;
  type: string;
  topic: string;
  data: Record<string, unknown>;
}

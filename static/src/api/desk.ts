// Customers, places, jobs by hand and the search, as they cross the wire: what is written down while someone is on the phone.
import { acting, call } from './client';
import type { Holidays, Scope } from '../series/rule';
import type { Job, JobStatus, Language, OutboxItem, Priority, Skill, Span } from './types';

export interface Customer {
  id: string;
  external_id: string | null;
  name: string;
  /** E.164. */
  phone: string | null;
  email: string | null;
  /** Null is the company's. */
  language: Language | null;
  notes: string | null;
  version: number;
}

export interface Place {
  id: string;
  external_id: string | null;
  customer_id: string;
  address: string;
  lat: number;
  lon: number;
  notes: string | null;
  version: number;
}

export type CustomerInput = Partial<Omit<Customer, 'id' | 'version'>> & { version?: number };
export type PlaceInput = Partial<Omit<Place, 'id' | 'version' | 'customer_id'>> & { version?: number };

export interface JobInput {
  title: string;
  kind: string | null;
  duration_min: number;
  /** How many people it needs; one where left out. */
  crew_size?: number;
  priority: Priority;
  skills: Skill[];
  arrival_window: Span | null;
  notes: string | null;
  recurrence: string | null;
  /** Left out where nothing is said of them. */
  exceptions?: string[];
  holidays?: Holidays;
  /** Jobs that must be over before this one begins. */
  depends_on?: string[];
}

export type Kind = 'technician' | 'customer' | 'location' | 'job';

/** One thing that the search found. */
export interface Hit {
  kind: Kind;
  id: string;
  title: string;
  detail: string;
  matched: { field: string; text: string }[];
  customer_id: string | null;
  technician_id: string | null;
  status: JobStatus | null;
  /** When its visit or its window starts, of a job. */
  start: string | null;
}

/** A thread; `consent` is what its number's owner said. */
export interface Conversation {
  id: string;
  phone: string;
  consent: 'given' | 'withdrawn';
}

interface Listed<T> {
  items: T[];
  next: string | null;
}

const id = encodeURIComponent;
/** Pages of a list that are read one after the other; more than anybody scrolls through. */
const PAGES_MAX = 5;

async function whole<T>(path: string): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const more: string = cursor ? `&cursor=${id(cursor)}` : '';
    const answer: Listed<T> = await call('GET', `${path}&limit=200${more}`);
    all.push(...answer.items);
    cursor = answer.next;
    if (!cursor) break;
  }
  return all;
}

export const desk = {
  search: (q: string, kinds: Kind[] = [], limit = 6) =>
    call<Listed<Hit>>('GET', `/search?q=${id(q)}&kinds=${kinds.join(',')}&limit=${limit}`).then((a) => a.items),
  customers: (search: string, cursor: string | null) =>
    call<Listed<Customer>>(
      'GET',
      `/customers?limit=50${search ? `&search=${id(search)}` : ''}${cursor ? `&cursor=${id(cursor)}` : ''}`,
    ),
  customer: (customer: string) => call<Customer>('GET', `/customers/${id(customer)}`),
  register: (input: CustomerInput) => call<Customer>('POST', '/customers', input),
  editCustomer: (customer: string, input: CustomerInput) =>
    acting<Customer>('PATCH', `/customers/${id(customer)}`, input),
  places: (customer: string) => whole<Place>(`/locations?customer_id=${id(customer)}`),
  addPlace: (input: PlaceInput & { customer_id: string }) => acting<Place>('POST', '/locations', input),
  editPlace: (place: string, input: PlaceInput) => acting<Place>('PATCH', `/locations/${id(place)}`, input),
  jobsOf: (customer: string) => whole<Job>(`/jobs?customer_id=${id(customer)}`),
  job: (job: string) => call<Job>('GET', `/jobs/${id(job)}`),
  createJob: (input: JobInput & { customer_id: string; location_id: string }) => acting<Job>('POST', '/jobs', input),
  editJob: (job: string, input: Partial<JobInput> & { version: number; scope?: Scope }) =>
    acting<Job>('PATCH', `/jobs/${id(job)}`, input),
  setStatus: (job: string, status: JobStatus, version: number, note?: string) =>
    acting<Job>('POST', `/jobs/${id(job)}/status`, { status, version, ...(note ? { note } : {}) }),
  tags: () => call<Listed<{ id: string; name: string }>>('GET', '/tags').then((a) => a.items.map((tag) => tag.name)),
  /** The thread with the person at a number, whose id the number makes. */
  conversation: (phone: string) => call<Conversation>('GET', `/conversations/conv_${phone.replace(/\D/g, '')}`),
  messages: (conversation: string) => whole<OutboxItem>(`/conversations/${id(conversation)}/messages?`),
};

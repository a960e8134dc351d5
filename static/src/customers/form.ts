// Customers and places as they stand in a form: text, checked before it is sent, and what differs after a conflict. Pure.
import type { Customer, CustomerInput, Place, PlaceInput } from '../api/desk';
import type { Language } from '../api/types';
import { TOWNS } from '../map/towns';
import { fold } from '../words/fold';

export interface CustomerDraft {
  name: string;
  phone: string;
  email: string;
  language: Language | '';
  notes: string;
}

export interface PlaceDraft {
  address: string;
  /** « 45.0502, -73.5811 », as maps give it. */
  point: string;
  notes: string;
}

/** Ten digits as they are written here, or + and the country's code; a numbered company's « 9123-4567 » is no phone. */
const NUMBER = /(?:^|[^\d+])(\+\d[\d .()-]{5,16}\d|(?:1[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]?\d{3}[ .-]?\d{4})(?!\d)/;

/** A name and the number that was typed with it, each on its own; the number is empty where there is none. */
export function apart(typed: string): { name: string; phone: string } {
  const text = typed.replace(/\u00a0/g, ' ');
  const phone = NUMBER.exec(text)?.[1] ?? '';
  if (!phone) return { name: typed.trim(), phone };
  const [before = '', after = ''] = text.split(phone);
  const bare = (part: string): string => part.replace(/^[\s,;:()/–-]+|[\s,;:(/–-]+$/g, '');
  return { name: [bare(before), bare(after)].filter(Boolean).join(' '), phone };
}

export type Wrong<D> = Partial<Record<keyof D, string>>;

const NOTES_MAX = 10_000;
const TEXT_MAX = 500;

export function customerDraft(customer?: Customer | null): CustomerDraft {
  return {
    name: customer?.name ?? '',
    phone: customer?.phone ?? '',
    email: customer?.email ?? '',
    language: customer?.language ?? '',
    notes: customer?.notes ?? '',
  };
}

export function placeDraft(place?: Place | null): PlaceDraft {
  return {
    address: place?.address ?? '',
    point: place ? `${place.lat}, ${place.lon}` : '',
    notes: place?.notes ?? '',
  };
}

export function customerInput(draft: CustomerDraft): CustomerInput {
  return {
    name: draft.name.trim(),
    phone: draft.phone.trim() || null,
    email: draft.email.trim() || null,
    language: draft.language || null,
    notes: draft.notes.trim() || null,
  };
}

/** Two numbers with anything between them, in the order latitude, longitude; none where that is not on the earth. */
export function pointOf(text: string): { lat: number; lon: number } | null {
  const parts = text
    .trim()
    .replace(/(\d),(\d)/g, '$1.$2')
    .match(/[-+]?\d+(\.\d+)?/g);
  if (parts?.length !== 2) return null;
  const [lat, lon] = parts.map(Number) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

export function placeInput(draft: PlaceDraft): PlaceInput {
  return { address: draft.address.trim(), ...(pointOf(draft.point) ?? {}), notes: draft.notes.trim() || null };
}

/** Fields that cannot be right, whatever the server says; the words are keys of `customers.wrong`. */
export function wrongCustomer(draft: CustomerDraft): Wrong<CustomerDraft> {
  const digits = draft.phone.replace(/\D/g, '').length;
  return {
    ...(draft.name.trim() && draft.name.trim().length <= TEXT_MAX && !apart(draft.name).phone ? {} : { name: 'name' }),
    ...(draft.phone.trim() && (digits < 7 || digits > 15) ? { phone: 'phone' } : {}),
    ...(draft.email.trim() && !/^\S+@\S+$/.test(draft.email.trim()) ? { email: 'email' } : {}),
    ...(draft.notes.length > NOTES_MAX ? { notes: 'notes' } : {}),
  };
}

export function wrongPlace(draft: PlaceDraft): Wrong<PlaceDraft> {
  return {
    ...(draft.address.trim() && draft.address.trim().length <= TEXT_MAX ? {} : { address: 'address' }),
    ...(pointOf(draft.point) ? {} : { point: 'point' }),
    ...(draft.notes.length > NOTES_MAX ? { notes: 'notes' } : {}),
  };
}

/** The server's pointers as fields of a form: `/lat` and `/lon` are one field here. */
export function pointed<D>(pointers: string[], known: (keyof D & string)[]): Wrong<D> {
  const wrong: Wrong<D> = {};
  for (const pointer of pointers) {
    const first = pointer.split('/')[1] ?? '';
    const field = first === 'lat' || first === 'lon' ? 'point' : first;
    const found = known.find((name) => name === field);
    if (found) wrong[found] = found;
  }
  return wrong;
}

/** A town of the region that an address names, to begin with where nobody knows the exact place. */
export function townIn(address: string): { name: string; point: string } | null {
  const text = fold(address).replace(/\bste?[- .]+/g, (short) => (short.startsWith('ste') ? 'sainte-' : 'saint-'));
  const plain = text.replace(/[^a-z0-9]+/g, ' ');
  const named = (name: string): boolean => ` ${plain} `.includes(` ${fold(name).replace(/[^a-z0-9]+/g, ' ')} `);
  // The longest name wins: « Saint-Rémi » is no « Rémi ».
  const town = TOWNS.filter((one) => named(one.name)).sort((a, b) => b.name.length - a.name.length)[0];
  return town ? { name: town.name, point: `${town.at[1]}, ${town.at[0]}` } : null;
}

export interface Difference {
  field: string;
  mine: string;
  theirs: string;
}

const said = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** Fields that both changed from `before`, and not to the same. */
export function differences<D extends object>(before: D, mine: D, theirs: D): Difference[] {
  return (Object.keys(mine) as (keyof D & string)[])
    .filter((field) => said(mine[field]) !== said(before[field]) && said(theirs[field]) !== said(before[field]))
    .filter((field) => said(mine[field]) !== said(theirs[field]))
    .map((field) => ({ field, mine: said(mine[field]), theirs: said(theirs[field]) }));
}

/** What to send: only what the editor changed, so that what others changed meanwhile stays theirs. */
export function changed<I extends object>(before: I, after: I): Partial<I> {
  const entries = Object.entries(after).filter(
    ([field, value]) => JSON.stringify(value ?? null) !== JSON.stringify(before[field as keyof I] ?? null),
  );
  return Object.fromEntries(entries) as Partial<I>;
}

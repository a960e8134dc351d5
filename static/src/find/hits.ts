// A hit of the search as a line of the palette: its words for the eye, and where choosing it leads.
import type { Hit } from '../api/desk';
import type { Language } from '../api/types';
import { go, zone } from '../house';
import { t } from '../words';
import { clock, phone, shortDay } from '../words/format';
import { wallClock } from '../words/zone';
import { ask, dayOf } from './desk';

/** Fields that stand on the line already; any other that matched is said beside it. */
const SHOWN = new Set(['name', 'title', 'address', 'customer_name']);

export interface Line {
  title: string;
  detail: string;
  /** A job's day and hour. */
  when: string;
  status: string;
}

const asRead = (field: string, text: string): string => (field.endsWith('phone') ? phone(text) : text);

export function lineOf(hit: Hit, language: Language): Line {
  const parts = [asRead(hit.detail.startsWith('+') ? 'phone' : '', hit.detail)];
  for (const { field, text } of hit.matched) {
    if (text && !SHOWN.has(field) && text !== hit.detail && text !== hit.title) parts.push(asRead(field, text));
  }
  let when = '';
  if (hit.start) {
    const { date } = wallClock(Date.parse(hit.start), zone.value);
    when = `${shortDay(date, language)} ${t(`month.m${Number(date.slice(5, 7))}`)}, ${clock(hit.start, language, zone.value)}`;
  }
  return {
    title: hit.title,
    detail: [...new Set(parts)].filter(Boolean).join(' · '),
    when,
    status: hit.status ? t(`status.${hit.status}`) : '',
  };
}

/** Goes where a hit is at home. */
export function open(hit: Hit): void {
  if (hit.kind === 'technician') ask({ show: 'technician', id: hit.id });
  else if (hit.kind === 'customer') go(`/customers/${hit.id}`);
  else if (hit.kind === 'location') go(`/customers/${hit.customer_id}`);
  else ask({ show: 'job', id: hit.id, day: dayOf(hit.start) });
}

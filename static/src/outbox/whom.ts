// To whom a text goes, by name where the person is known: the customer of its job, a technician, whoever has that number.
import type { OutboxItem } from '../api/types';
import { board } from '../board/store';
import { phone } from '../words/format';

/** The name, or none. */
export function nameOf(text: Pick<OutboxItem, 'to' | 'to_name' | 'job_id'>): string | null {
  if (text.to_name) return text.to_name;
  const { jobs, technicians } = board.value;
  const own = text.job_id ? jobs[text.job_id] : undefined;
  if (own?.customer_phone === text.to && own.customer_name) return own.customer_name;
  const who = Object.values(technicians).find((one) => one.phone === text.to);
  if (who) return who.name;
  return Object.values(jobs).find((one) => one.customer_phone === text.to)?.customer_name ?? null;
}

/** The name, else the number. */
export const whom = (text: Parameters<typeof nameOf>[0]): string => nameOf(text) ?? phone(text.to);

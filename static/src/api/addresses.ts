// Places of the imported address file, as they cross the wire.
import { call } from './client';

export interface FoundPlace {
  /** As one line, number first. */
  address: string;
  /** Null for a street as a whole. */
  number: string | null;
  street: string;
  municipality: string;
  region: string;
  postcode: string;
  lat: number;
  lon: number;
}

interface Answer {
  items: FoundPlace[];
  /** False where no address file was imported. */
  imported: boolean;
  /** Whom to thank, where somebody else answered. */
  thanks: string | null;
}

/** Places that answer, the best first, and whether there is a file to find them in. */
export function findAddresses(question: string, limit: number): Promise<Answer> {
  return call<Answer>('GET', `/addresses?q=${encodeURIComponent(question)}&limit=${limit}`);
}

/** The same beyond the file: asked only when a person asks for it. */
export function findElsewhere(question: string): Promise<Answer> {
  return call<Answer>('GET', `/addresses?q=${encodeURIComponent(question)}&limit=5&elsewhere=true`);
}

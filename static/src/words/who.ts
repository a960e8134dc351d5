// Whom an entry's `by` stands for, in words for people: the person, else what a program or a part of the house is called.
import { words } from '.';

/** The person's name where the server knows it; else the program in plain words; else as it is written down. */
export function personOf(by: string, name?: string | null): string {
  if (name && name !== by) return name;
  const key = `who.${by.startsWith('tech:') ? 'technician' : by}`;
  return words.global.te(key) ? words.global.t(key) : by;
}

/** The same where a sentence begins with it. */
export function personFirst(by: string, name?: string | null): string {
  const who = personOf(by, name);
  return who.charAt(0).toUpperCase() + who.slice(1);
}

// What the palette can do besides finding: its commands, which of them answer a question, and how the list is walked.
import { meets } from '../words/fold';

export interface Command {
  id: string;
  words: string;
  /** What else it answers to: the title of what it opens. */
  also?: string;
  /** The key that does the same without the palette. */
  key?: string;
  run: () => void;
}

export interface Choice {
  id: string;
  run: () => void;
}

export interface Group<T extends Choice> {
  id: string;
  title: string;
  choices: T[];
}

/** Commands that answer; all of them where nothing is asked. */
export function answering(commands: Command[], question: string): Command[] {
  return question.trim() ? commands.filter((one) => meets(`${one.words} ${one.also ?? ''}`, question)) : commands;
}

/** The groups with something in them, in the order in which the best of each was found. */
export function filled<T extends Choice>(groups: Group<T>[]): Group<T>[] {
  return groups.filter((group) => group.choices.length > 0);
}

/** The choice `step` further, round the end; none where there is none. */
export function stepped(ids: string[], from: string | null, step: number): string | null {
  if (!ids.length) return null;
  const at = from === null ? -1 : ids.indexOf(from);
  if (at < 0) return (step > 0 ? ids[0] : ids.at(-1)) ?? null;
  return ids[(at + step + ids.length) % ids.length] ?? null;
}

/** Kinds in the order of their best hit; the server has put the best first. */
export function orderOf<K extends string>(kinds: K[]): K[] {
  return [...new Set(kinds)];
}

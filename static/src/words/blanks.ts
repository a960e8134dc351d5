// Blanks that must not break a line, in French: before double signs and inside guillemets. Pure.

type Tree = { [key: string]: string | Tree };

/** A sentence with its blanks made firm. */
export const firm = (text: string): string => text.replace(/ (?=[:;?!»])/g, '\u00a0').replace(/« /g, '«\u00a0');

/** All sentences of a list of words, made firm. */
export function firmAll<T extends object>(words: T): T {
  const tree = words as unknown as Tree;
  const made = Object.entries(tree).map(([key, value]) => [
    key,
    typeof value === 'string' ? firm(value) : firmAll(value),
  ]);
  return Object.fromEntries(made) as T;
}

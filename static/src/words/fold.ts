// What counts as the same word when a person types: accents and capitals do not. The server's search folds alike.

export const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** True when every word of `question` begins a word of `text`. */
export function meets(text: string, question: string): boolean {
  const words = fold(text).split(/[^\p{L}\p{N}]+/u);
  return fold(question)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .every((asked) => words.some((word) => word.startsWith(asked)));
}

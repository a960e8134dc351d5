// A figure as it stands and as it would be, made ready for drawing: bars by the longer of the two, and the difference in words.
// Pure; the tables that draw it look each their own way.

/** Lengths of the two bars, 0 to 1 of the longer one. */
export function sharesOf(before: number, after: number): [number, number] {
  const longest = Math.max(before, after, 1);
  return [before / longest, after / longest];
}

/** With a true minus; `=` where nothing changes. */
export function signed(difference: number, words: (n: number) => string): string {
  if (!difference) return '=';
  return `${difference > 0 ? '+' : '−'}${words(Math.abs(difference))}`;
}

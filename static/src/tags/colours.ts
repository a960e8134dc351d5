// A colour for a new skill: of a few that are told apart in light and in dark, the one that is used least. Pure.
const COLOURS = ['#2f6fde', '#b4690e', '#8a4fd0', '#0f8a6d', '#c2415c', '#5b7083', '#7a8a12', '#a8478f'];

export function freshColour(tags: readonly { color: string | null }[]): string {
  const used = (colour: string): number => tags.filter((tag) => tag.color?.toLowerCase() === colour).length;
  return COLOURS.reduce((best, colour) => (used(colour) < used(best) ? colour : best));
}

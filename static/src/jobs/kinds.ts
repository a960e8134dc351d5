// Kinds of jobs that there are, for a field that offers them and takes any other word too: those of the board, of the templates
// and of the service levels. Read anew by each form that is opened.
import { slaApi } from '../api/sla';
import { templates } from '../api/templates';
import { board } from '../board/store';

/** Each kind once, whoever wrote it with capitals, in the order of the alphabet. */
export function eachOnce(said: readonly (string | null | undefined)[]): string[] {
  const kinds = new Map<string, string>();
  for (const one of said) {
    const kind = one?.trim();
    if (kind && !kinds.has(kind.toLowerCase())) kinds.set(kind.toLowerCase(), kind);
  }
  return [...kinds.values()].sort((a, b) => a.localeCompare(b));
}

/** What cannot be read is left out: a word can be typed all the same. */
export async function kindsInUse(): Promise<string[]> {
  const [levels, lists] = await Promise.all([
    slaApi.policies().then(
      (answer) => answer.items,
      () => [],
    ),
    templates.all().catch(() => []),
  ]);
  const steps = lists.flatMap((list) => list.steps);
  return eachOnce([...levels, ...steps, ...Object.values(board.value.jobs)].map((one) => one.kind));
}

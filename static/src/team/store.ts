// The team as the server knows it: fetched once, kept true by the board's live line, which carries every change of a
// technician whole. Today's shifts, routes and positions are the board's own.
import { computed, ref, shallowRef } from 'vue';
import { sentence } from '../api/sentence';
import { teamApi, type Tag, type TechnicianFields, type TechnicianRecord } from '../api/team';
import type { LiveEvent, Span } from '../api/types';
import { board, load, routes, stop, today } from '../board/store';
import { hear } from '../live/heard';
import { nowMs, person, zone } from '../house';
import { addDays, instantOf } from '../words/zone';
import type { Draft } from './draft';
import { presenceOf, shiftsOn } from './presence';

const fetched = shallowRef<Record<string, TechnicianRecord>>({});
export const tags = shallowRef<Tag[]>([]);
export const loaded = ref(false);
export const refusal = ref('');

/** What was typed and not saved, by technician: it waits here when one looks elsewhere for a moment. */
export const kept = new Map<string, { draft: Draft; base: TechnicianFields; version: number }>();

export const mayEdit = computed(() => ['admin', 'dispatcher'].includes(person.value?.role ?? ''));

// A position replaces the board's state, but not this part of it: the list rests.
const onBoard = computed(() => board.value.technicians);

/** Everybody by name; of two states of one person the newer. */
export const people = computed<TechnicianRecord[]>(() => {
  const all = { ...fetched.value };
  for (const known of Object.values(onBoard.value)) {
    // The board's snapshot has no version; what an event brought does, and is whole.
    const told = known as unknown as Partial<TechnicianRecord>;
    const old = all[known.id];
    if (told.version && told.weekly_schedule && (!old || told.version > old.version))
      all[known.id] = told as TechnicianRecord;
  }
  return Object.values(all).sort((a, b) => a.name.localeCompare(b.name, 'fr'));
});

export const personOf = (id: string): TechnicianRecord | undefined => people.value.find((who) => who.id === id);

/** Takes an answer at once, without waiting for its event. */
export function put(record: TechnicianRecord): void {
  fetched.value = { ...fetched.value, [record.id]: record };
}

export const colourOf = (tag: string): string | null =>
  tags.value.find((one) => one.name.toLowerCase() === tag.toLowerCase())?.color ?? null;

/** Today's first moment and tomorrow's, ms. */
export const dayMs = computed<[number, number]>(() => {
  void nowMs.value;
  const date = today();
  return [instantOf(date, 0, zone.value), instantOf(addDays(date, 1), 0, zone.value)];
});

/** Counted here: an event that hires somebody or changes their hours carries the hours, and no shifts. */
export function shiftsToday(who: TechnicianRecord): Span[] {
  void nowMs.value;
  return shiftsOn(who, today(), zone.value);
}

/** Where somebody stands now. */
export function presence(who: TechnicianRecord): ReturnType<typeof presenceOf> {
  return presenceOf(shiftsToday(who), who.absences, routes.value[who.id] ?? [], nowMs.value);
}

export async function fetchTeam(): Promise<void> {
  try {
    const [everyone, all] = await Promise.all([teamApi.everyone(), teamApi.tags()]);
    fetched.value = Object.fromEntries(everyone.map((who) => [who.id, who]));
    tags.value = all.items;
    refusal.value = '';
    loaded.value = true;
  } catch (error) {
    refusal.value = sentence(error);
  }
}

let deaf: () => void = () => undefined;

/** Whoever joined by mistake is gone from here too. */
function drop(event: LiveEvent): void {
  if (event.type !== 'technician.removed') return;
  const { [(event.data?.['technician'] as { id: string }).id]: _gone, ...others } = fetched.value;
  void _gone;
  fetched.value = others;
}

/** Opens the page: today's board with its line, and the team. */
export function enterTeam(): void {
  deaf = hear(drop);
  void load(today());
  void fetchTeam();
}

export function leaveTeam(): void {
  deaf();
  stop();
}

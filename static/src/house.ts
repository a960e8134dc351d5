// Who is here, in which house, at which page, at what time: what every screen of the board shares.
import { computed, ref, shallowRef } from 'vue';
import { api, Refused } from './api/client';
import type { HouseConfig, Person } from './api/types';
import { speak, t } from './words';

export const person = shallowRef<Person | null>(null);
export const house = shallowRef<HouseConfig | null>(null);

/** The part of the address after `#`, e.g. `/outbox`. */
export const route = ref(location.hash.slice(1) || '/');
window.addEventListener('hashchange', () => {
  route.value = location.hash.slice(1) || '/';
});

export function go(path: string): void {
  location.hash = path;
}

export const zone = computed(() => house.value?.timezone ?? 'America/Toronto');

/** The server's clock: what it said (ms), when it said so here (ms), and how fast it runs. It may be set, or hurried, in a demonstration. */
let clockSaid = { server: Date.now(), here: Date.now(), speed: 1 };

/** The server's time, for drawing; moves every fifteen seconds and whenever it was corrected by much. */
export const nowMs = ref(Date.now());
/** The same by the second, for ages. */
export const secondMs = ref(Date.now());

/** While an earlier moment is looked at, the clock stands there. */
let frozenAt: number | null = null;

export const serverNow = (): number => frozenAt ?? clockSaid.server + (Date.now() - clockSaid.here) * clockSaid.speed;

/** Lets the clock stand at a moment, or run again. */
export function freezeTime(at: number | null): void {
  frozenAt = at;
  nowMs.value = secondMs.value = serverNow();
}

/** Takes the server's word for the time from anything it has just said. */
export function hearTime(at: string): void {
  const heard = Date.parse(at);
  if (Number.isNaN(heard) || frozenAt !== null) return;
  const off = heard - serverNow();
  // What it said may have been on its way for a moment; only a real difference counts, and never a jump back by replay.
  if (off > 2_000) {
    clockSaid = { ...clockSaid, server: heard, here: Date.now() };
    if (off > 20_000) nowMs.value = serverNow();
  }
}

let beats = 0;
setInterval(() => {
  secondMs.value = serverNow();
  beats += 1;
  if (beats % 15 === 0) nowMs.value = serverNow();
}, 1000);

async function configured(): Promise<HouseConfig> {
  const config = await api.config();
  // Now, and not once the page has its words: the hour is that of the answer.
  clockSaid = { server: Date.parse(config.now), here: Date.now(), speed: config.speed ?? 1 };
  return config;
}

const ask = (): Promise<[{ user: Person }, HouseConfig]> => Promise.all([api.me(), configured()]);
let asked: ReturnType<typeof ask> | null = null;

/** Asks who is signed in while the page's words are still on their way; the next `enter` takes the answer. */
export function knock(): void {
  asked = ask();
  // `enter` meets the refusal.
  asked.catch(() => undefined);
}

/** Finds out who is signed in and loads the house; false when the door must be shown. */
export async function enter(): Promise<boolean> {
  try {
    const answer = asked ?? ask();
    asked = null;
    const [{ user }, config] = await answer;
    house.value = config;
    nowMs.value = secondMs.value = serverNow();
    await speak(user.language ?? config.language, false);
    // Last: the screens open on it, and they ask what day it is.
    person.value = user;
    document.title = `Tournée · ${config.company}`;
    return true;
  } catch (error) {
    if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
      person.value = null;
      return false;
    }
    throw error;
  }
}

/** « il y a 12 s »: how long ago, in words. */
export function age(at: number | string, from: number): string {
  const seconds = Math.max(0, Math.round((from - (typeof at === 'number' ? at : Date.parse(at))) / 1000));
  if (seconds < 3) return t('age.now');
  if (seconds < 60) return t('age.seconds', { n: seconds });
  if (seconds < 3600) return t('age.minutes', { n: Math.floor(seconds / 60) });
  return t('age.hours', { n: Math.floor(seconds / 3600) });
}

// The sentence for what is wrong at a place, whether this page or the server found it. Pure but for the words given.

/** What this page finds itself is a word of its own; the server's places are told by where they are. */
const BY_PLACE: [RegExp, string][] = [
  [/^\/name$/, 'name'],
  [/^\/phone$/, 'phone'],
  [/^\/email$/, 'email'],
  [/^\/home\/lat$/, 'lat'],
  [/^\/home\/lon$/, 'lon'],
  [/^\/skills\/\d+\/tag$/, 'tag'],
  [/^\/skills\/\d+\/level$/, 'level'],
  [/^\/weekly_schedule\/.*\/end$/, 'same'],
  [/^\/weekly_schedule\//, 'time'],
  [/^\/extra_shifts\//, 'span'],
  [/^\/gps_device_id$/, 'tracker'],
];
const OWN = new Set(['time', 'same', 'overlap', 'date', 'span', 'name', 'phone', 'lat', 'lon']);

export function wordFor(pointer: string, word: string, say: (key: string) => string): string {
  const key = OWN.has(word) ? word : BY_PLACE.find(([place]) => place.test(pointer))?.[1];
  return key ? say(`team.wrong.${key}`) : word;
}

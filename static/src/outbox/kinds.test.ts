import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from '../words/en';
import fr from '../words/fr';

test('every kind and every state of a text has words in both languages', () => {
  const source = readFileSync('../actors/src/conversations/protocol/message.rs', 'utf8');
  const codes = (from: string): string[] => {
    const part = source.slice(source.indexOf(from));
    const body = part.slice(part.indexOf('pub fn code'), part.indexOf('\n    }\n'));
    return [...body.matchAll(/=> "([a-z_]+)"/g)].map((found) => found[1] ?? '');
  };
  const kinds = codes('impl MessageKind');
  expect(kinds.length).toBeGreaterThan(15);
  for (const kind of kinds) {
    expect(Object.keys(en.outbox.kinds), kind).toContain(kind);
    expect(Object.keys(fr.outbox.kinds), kind).toContain(kind);
  }
  for (const state of codes('impl MessageState').filter((one) => one !== 'received')) {
    expect(Object.keys(en.outbox.states), state).toContain(state);
    expect(Object.keys(fr.outbox.states), state).toContain(state);
  }
});

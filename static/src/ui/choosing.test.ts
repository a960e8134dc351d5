// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { onceChosen } from './choosing';

function list(): { taken: () => number; told: (event: Event) => void } {
  const run = vi.fn();
  const on = onceChosen(run);
  return { taken: () => run.mock.calls.length, told: (event) => on[event.type]?.(event) };
}
const key = (name: string): Event => new KeyboardEvent('keydown', { key: name, cancelable: true });

test('a pointer takes what it chooses', () => {
  const one = list();
  one.told(new Event('pointerdown'));
  one.told(new Event('change'));
  expect(one.taken()).toBe(1);
});

test('keys take nothing on their way, and take with Enter', () => {
  const one = list();
  for (let step = 0; step < 2; step += 1) {
    one.told(key('ArrowDown'));
    one.told(new Event('change'));
  }
  expect(one.taken()).toBe(0);
  one.told(key('Enter'));
  expect(one.taken()).toBe(1);
});

test('whoever goes on has taken what they stopped at', () => {
  const one = list();
  one.told(key('F'));
  one.told(new Event('change'));
  one.told(new Event('blur'));
  expect(one.taken()).toBe(1);
});

test('Escape lets go of what keys stopped at, also where it closes what the list is in', () => {
  const list = document.createElement('select');
  list.innerHTML = '<option value=""></option><option value="bob"></option>';
  const taken: string[] = [];
  const on = onceChosen(() => list.value && taken.push(list.value));
  for (const [type, told] of Object.entries(on)) list.addEventListener(type, told);
  list.dispatchEvent(key('ArrowDown'));
  list.value = 'bob';
  list.dispatchEvent(new Event('change'));
  list.dispatchEvent(key('Escape'));
  list.dispatchEvent(new Event('blur'));
  expect([list.value, taken]).toEqual(['', []]);
});

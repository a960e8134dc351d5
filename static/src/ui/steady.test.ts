import { expect, test } from 'vitest';
import { steady } from './steady';

test('the second click of a double click hits nothing new and does no main thing twice', () => {
  steady(document);
  document.body.innerHTML = `
    <button id="step">+</button><button id="save" class="primary">Save</button><button id="gone">Close</button>
    <button id="behind">Behind</button>`;
  const done: string[] = [];
  for (const one of document.querySelectorAll('button')) one.addEventListener('click', () => done.push(one.id));
  const click = (id: string, detail: number): void => {
    document.getElementById(id)?.dispatchEvent(new MouseEvent('click', { detail, bubbles: true, cancelable: true }));
  };
  click('step', 1);
  click('step', 2);
  click('save', 1);
  click('save', 2);
  click('gone', 1);
  click('behind', 2);
  click('behind', 1);
  expect(done).toEqual(['step', 'step', 'save', 'gone', 'behind']);
});

// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import type { Job } from '../api/types';
import { filters, takeFilters } from './filters';
import { showInPool } from './pooled';
import { EMPTY } from './state';
import { board } from './store';

/** The pool as far as this goes: `job_1` stands in the list unless a filter keeps it out. */
function list(shown: () => boolean): HTMLElement {
  const item = document.createElement('button');
  item.dataset['poolJob'] = 'job_1';
  const ul = document.createElement('ul');
  document.body.append(ul);
  const draw = (): void => {
    if (shown()) ul.append(item);
    else item.remove();
  };
  const beat = setInterval(draw, 0);
  draw();
  end = () => clearInterval(beat);
  return item;
}
let end = (): void => undefined;
afterEach(() => {
  end();
  document.body.innerHTML = '';
  takeFilters({});
});

test('a job of the pool gets the focus where it stands, and no filter is touched', async () => {
  takeFilters({ pool: 'pressing' });
  const item = list(() => true);
  await showInPool('job_1');
  expect(document.activeElement).toBe(item);
  expect(filters['pool']).toBe('pressing');
});

test('filters that keep it out are let go; of a list too long it is asked for by name', async () => {
  board.value = { ...EMPTY, jobs: { job_1: { id: 'job_1', customer_name: 'Ruiz', title: 'Panne' } as Job } };
  takeFilters({ pool: 'pressing', q: 'Roy', zone: 'out' });
  list(() => false);
  await showInPool('job_1');
  expect([filters['pool'], filters['zone'], filters['q']]).toEqual([undefined, undefined, 'Ruiz']);
});

// @vitest-environment happy-dom
import { createApp, h, type App } from 'vue';
import { afterEach, expect, test, vi } from 'vitest';
import { words } from '../words';
import PanelFrame from './PanelFrame.vue';

let app: App | undefined;
afterEach(() => {
  app?.unmount();
  document.body.innerHTML = '';
});

function opened(body: () => unknown, closed = (): void => undefined): HTMLElement {
  const place = document.body.appendChild(document.createElement('div'));
  const panel = {
    render: () => h(PanelFrame, { title: 'Offers', class: 'offers', onClose: closed }, { default: body }),
  };
  app = createApp(panel);
  app.use(words);
  app.mount(place);
  return place.querySelector('section') as HTMLElement;
}

test('a panel takes the focus when it opens and gives it back when it closes', () => {
  const before = document.body.appendChild(document.createElement('button'));
  before.focus();
  const panel = opened(() => 'nothing');
  expect(document.activeElement).toBe(panel.querySelector('h2'));
  expect(panel.classList.contains('offers')).toBe(true);
  app?.unmount();
  app = undefined;
  expect(document.activeElement).toBe(before);
});

test('what is in a panel and took the focus first keeps it', () => {
  const panel = opened(() => h('input', { onVnodeMounted: (node) => (node.el as HTMLElement).focus() }));
  expect(document.activeElement).toBe(panel.querySelector('input'));
});

test('a panel says that it is to be closed', () => {
  const closed = vi.fn();
  opened(() => 'nothing', closed)
    .querySelector('button')
    ?.click();
  expect(closed).toHaveBeenCalledOnce();
});

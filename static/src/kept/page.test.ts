// @vitest-environment happy-dom
import { createApp, nextTick, type App, type Component } from 'vue';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { person } from '../house';
import Materials from '../materials/View.vue';
import Tags from '../tags/List.vue';
import { words } from '../words';

const asked: string[] = [];
const TAG = {
  id: 'tag_1',
  name: 'Fibre',
  color: '#2f6fde',
  version: 3,
  used_by: { technicians: 0, jobs: 0, zones: 0 },
};
const LIFT = {
  id: 'mat_1',
  name: 'Nacelle',
  kind: 'Nacelle',
  external_id: null,
  available: true,
  out_of_service: [],
  version: 5,
};

let app: App | undefined;
beforeEach(() => {
  asked.length = 0;
  person.value = { role: 'dispatcher' } as typeof person.value;
  vi.stubGlobal('fetch', (path: string, options?: { method?: string; body?: string }) => {
    const method = options?.method ?? 'GET';
    asked.push(`${method} ${path} ${options?.body ?? ''}`.trim());
    const items = path.startsWith('/tags') ? [TAG] : [LIFT];
    const answer = method === 'GET' ? { items } : items[0];
    return Promise.resolve(new Response(JSON.stringify(answer), { status: 200 }));
  });
});
afterEach(() => {
  app?.unmount();
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

async function opened(page: Component, row: string): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement('div'));
  app = createApp(page);
  app.use(words);
  app.mount(place);
  await vi.waitFor(() => expect(place.querySelector(row)).not.toBeNull());
  return place;
}

test('a tag is listed with its users, and a new one needs a name', async () => {
  const place = await opened(Tags, '[data-tag="tag_1"]');
  expect(place.querySelector('[data-tag] th')?.textContent).toContain('Fibre');
  place.querySelector<HTMLElement>('[data-action=create-tag]')?.click();
  await nextTick();
  expect(place.querySelector('#new-tag-wrong')?.textContent).toBeTruthy();
  expect(asked).toEqual(['GET /tags?used_by=true']);
  const field = place.querySelector('[name=new-tag]') as HTMLInputElement;
  field.value = 'Cuivre';
  field.dispatchEvent(new Event('input'));
  place.querySelector<HTMLElement>('[data-action=create-tag]')?.click();
  await vi.waitFor(() => expect(asked[1]).toContain('POST /tags {"name":"Cuivre"'));
  await vi.waitFor(() => expect(field.value).toBe(''));
});

test('a material is put away by the version that was seen', async () => {
  const place = await opened(Materials, '[data-material="mat_1"]');
  const box = place.querySelector('[data-put-away]') as HTMLInputElement;
  box.checked = true;
  box.dispatchEvent(new Event('change'));
  await vi.waitFor(() => expect(asked[1]).toBe('PATCH /materials/mat_1 {"available":false,"version":5}'));
});

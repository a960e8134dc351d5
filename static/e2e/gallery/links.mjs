// The gallery's pictures of the pages behind a link in a text: a technician's, a customer's, and a link that opens nothing.
import { BASE } from '../browser.mjs';

/** The newest link of a kind that still opens, as a person would take it from their phone. */
async function linkOf(context, kind) {
  const answer = await context.request.get(`${BASE}/outbox?limit=200`);
  const { items } = await answer.json();
  const paths = items.map((item) => new RegExp(`/${kind}/[\\w.~-]+`).exec(item.body)?.[0]).filter(Boolean);
  let fallback = null;
  for (const path of paths.slice(0, 60)) {
    const page = await context.request.get(BASE + path, { headers: { Accept: 'text/html' } });
    if (!page.ok()) continue;
    const html = await page.text();
    // A customer's page is at its best with the map, a technician's with work ahead.
    if (kind === 'track' ? html.includes('data-map') : html.includes('data-step')) return path;
    fallback ??= path;
  }
  return fallback;
}

export async function links(page, mark, { judge, shoot }) {
  const context = page.context();
  for (const [name, path] of [
    ['tech', await linkOf(context, 't')],
    ['track', await linkOf(context, 'track')],
    ['invalid', '/track/nothing'],
  ]) {
    if (!path) throw new Error(`no ${name} link in the outbox`);
    await page.goto(BASE + path);
    await page.waitForTimeout(1200);
    await judge(page, `${name} ${mark}`);
    await shoot(page, `${name}-${mark}`);
  }
}

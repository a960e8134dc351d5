// The pictures of docs/dispatching.md, from a running `tournee demo`: small, in English, by daylight. Called by `make screenshots`.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { enter, launch, tool } from './browser.mjs';
import { drafts, history } from './gallery/drafts.mjs';
import { absence } from './gallery/hours.mjs';
import { offers } from './gallery/offers.mjs';
import { zones } from './gallery/zones.mjs';

const out = join(dirname(fileURLToPath(import.meta.url)), '../../docs/pictures');
mkdirSync(out, { recursive: true });
const browser = await launch();

async function open(viewport) {
  const context = await browser.newContext({ viewport, colorScheme: 'light', locale: 'en-CA' });
  await context.addInitScript(() => localStorage.setItem('tournee.language', 'en'));
  const page = await context.newPage();
  await enter(page);
  await page.waitForTimeout(2_000);
  return page;
}

const take = (page, name) => page.screenshot({ path: join(out, `${name}.jpg`), type: 'jpeg', quality: 70 });

const page = await open({ width: 1440, height: 860 });
await take(page, 'board');

// Given to the first of them, so that there is something to take back.
for (let n = 0; n < 12; n += 1) {
  await page.locator('[data-pool-job]').nth(n).click();
  await page.click('[data-action=assign]');
  const places = page.locator('dialog ol button');
  await page.waitForSelector('dialog ol button, dialog details', { state: 'attached' });
  if (await places.count()) {
    await page.waitForTimeout(400);
    await take(page, 'places');
    await places.first().click();
    await page.waitForSelector('.toast');
    break;
  }
  await page.keyboard.press('Escape');
}
await page.keyboard.press('Escape');

await page.keyboard.press('Control+k');
await page.keyboard.type('tremblay');
await page.waitForSelector('[data-choice^=hit-]');
await take(page, 'palette');
await page.keyboard.press('Escape');

// The gallery's own steps, with their pictures kept under the names of the page.
const wanted = new Set(['drafts', 'history', 'absence', 'zone-drawn', 'offers']);
async function shoot(where, name) {
  const picture = name.replace('-en', '');
  if (wanted.has(picture)) await take(where, picture);
}
const kept = { judge: () => undefined, shoot, tool };
await drafts(page, 'en', kept);
await history(page, 'en', kept);
await page.keyboard.press('Escape');
await absence(page, 'en', kept);
await page.keyboard.press('Escape');
await zones(page, 'en', kept);
await page.keyboard.press('Escape');
await offers(page, 'en', kept);

await page.click('[data-action=plan]');
await page.click('[data-action=search]');
await page.waitForSelector('.planning[data-stage=shown]');
await take(page, 'plan');
await page.keyboard.press('Escape');

await tool(page, 'past');
await page.waitForSelector('[data-past]');
await page.waitForTimeout(800);
await take(page, 'past');
await page.click('[data-action=back-to-now]');
await page.context().close();

const small = await open({ width: 390, height: 780 });
await take(small, 'phone');
await browser.close();

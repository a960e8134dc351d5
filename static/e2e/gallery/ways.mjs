// The gallery's pictures of the ways to look at the board: three days, a week, several visits with their menu, the shared
// views, the keys, the month, an earlier moment.
import { BASE } from '../browser.mjs';

export async function spans(page, mark, { judge, shoot }) {
  for (const [key, name] of [
    ['3', 'three-days'],
    ['7', 'week'],
  ]) {
    await page.keyboard.press(key);
    await page.waitForSelector(`.board[data-days="${key}"]`);
    await page.waitForTimeout(500);
    await judge(page, `${name} ${mark}`);
    await shoot(page, `${name}-${mark}`);
  }
  await page.keyboard.press('1');
  await page.waitForSelector('.board[data-days="1"]');
}

export async function several(page, mark, { judge, shoot }) {
  const bars = page.locator('.bar[data-status=planned]');
  await bars.nth(3).click();
  await bars.nth(4).click({ modifiers: ['Control'] });
  await page.waitForSelector('[data-several]');
  await bars.nth(4).click({ button: 'right' });
  await page.waitForSelector('[role=menu]');
  await page.waitForTimeout(400);
  await judge(page, `several with their menu ${mark}`);
  await shoot(page, `several-${mark}`);
}

export async function views(page, mark, { judge, shoot }) {
  await page.keyboard.press('v');
  await page.waitForSelector('[data-presets]');
  await judge(page, `views and groups ${mark}`);
  await shoot(page, `presets-${mark}`);
  await page.keyboard.press('?');
  await page.waitForSelector('[data-shortcuts]');
  await judge(page, `keys ${mark}`);
  await shoot(page, `keys-${mark}`);
}

/** The calendar, counted. */
export async function month(page, mark, { judge, shoot }) {
  await page.goto(`${BASE}/ops/#/calendar`);
  await page.waitForSelector('.day .load');
  await page.waitForTimeout(300);
  await judge(page, `month ${mark}`);
  await shoot(page, `month-${mark}`);
}

/** The board as it was a while ago. */
export async function past(page, mark, { judge, shoot, tool }) {
  await tool(page, 'past');
  await page.waitForSelector('[data-past] input[type=range], [data-past]');
  await page.waitForTimeout(900);
  await judge(page, `an earlier moment ${mark}`);
  await shoot(page, `past-${mark}`);
}

/** The share of promises that was kept, with those that were not. */
export async function kept(page, mark, { judge, shoot, tool }) {
  await tool(page, 'kept');
  await page.waitForSelector('[data-kept] .share');
  await page.waitForTimeout(300);
  await judge(page, `promises kept ${mark}`);
  await shoot(page, `kept-${mark}`);
}

/** The map, and the record, as they stand in a window of their own. */
export async function windows(page, mark, { judge, shoot }) {
  const job = await page.locator('.bar').first().getAttribute('data-job');
  await page.goto(`${BASE}/ops/#/window/map`);
  await page.waitForSelector('[data-window=map] canvas');
  await page.waitForTimeout(1_200);
  await judge(page, `map apart ${mark}`);
  await shoot(page, `window-map-${mark}`);
  await page.goto('about:blank');
  await page.goto(`${BASE}/ops/#/window/record`);
  await page.waitForSelector('[data-window=record] .nothing');
  await judge(page, `record apart, nothing chosen ${mark}`);
  await shoot(page, `window-record-empty-${mark}`);
  // Another window of the browser says what is looked at.
  await page.evaluate((id) => {
    const date = document.querySelector('[data-window]').dataset.date;
    new BroadcastChannel('tournee-windows').postMessage({ says: 'shows', date, days: 1, job: id, technician: null });
  }, job);
  await page.waitForSelector('[data-window=record] .record');
  await page.waitForTimeout(300);
  await judge(page, `record apart ${mark}`);
  await shoot(page, `window-record-${mark}`);
}

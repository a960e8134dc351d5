// The gallery's pictures of time away: an absence's plan with its texts, an absence on the row.
import { tool } from '../browser.mjs';

/** Opens the plan of somebody who has visits ahead, and drops it. */
export async function absence(page, mark, { judge, shoot }) {
  const busy = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('[data-technician]')];
    const ahead = (row) => row.closest('[role=row]').querySelectorAll('[data-job]').length;
    return rows.sort((a, b) => ahead(b) - ahead(a))[0]?.dataset.technician;
  });
  if (!busy) return;
  const name = page.locator(`[data-technician="${busy}"]`);
  await name.click();
  await page.waitForSelector('[data-action=absent]', { state: 'attached' });
  await page.evaluate(() => document.querySelector('[data-action=absent]').click());
  await page.click('[data-preset=today]');
  await page.waitForSelector('.absence[data-plan] h3');
  await page.waitForTimeout(400);
  await judge(page, `absence ${mark}`);
  await shoot(page, `absence-${mark}`);
  await page.click('.absence header button');
  await page.keyboard.press('Escape');
}

/** A technician's outside calendars: the way to follow one. */
export async function calendars(page, mark, { judge, shoot }) {
  const name = page.locator('[data-technician]').first();
  if (!(await name.isVisible())) return;
  await name.click();
  await page.waitForSelector('[data-action=add-calendar]', { state: 'attached' });
  await page.evaluate(() => document.querySelector('[data-action=add-calendar]').click());
  await page.locator('[name=calendar-url]').scrollIntoViewIfNeeded();
  await judge(page, `calendars ${mark}`);
  await shoot(page, `calendars-${mark}`);
  await page.keyboard.press('Escape');
}

/** Fair shares: bars and their mean. */
export async function fairness(page, mark, { judge, shoot }) {
  await tool(page, 'fairness');
  await page.waitForSelector('.fairness [data-mean]');
  await judge(page, `fairness ${mark}`);
  await shoot(page, `fairness-${mark}`);
  await page.keyboard.press('Escape');
}

/** The phone from which one dispatches by text, and what to write from it. */
export async function texting(page, mark, { judge, shoot }) {
  await tool(page, 'account');
  await page.waitForSelector('[data-account] [name=phone]');
  await judge(page, `texting ${mark}`);
  await shoot(page, `texting-${mark}`);
  await page.click('.account header button');
}

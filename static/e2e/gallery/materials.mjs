// The gallery's pictures of materials: their page, and their rows on the timeline with one that is taken along.
import { BASE, enter } from '../browser.mjs';

const call = (page, path, body) =>
  page.evaluate(
    ([to, what]) =>
      fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify(what),
      }).then((answer) => answer.json()),
    [path, body],
  );

/** Two materials, one of them on a visit of today. */
export async function materials(page, mark, { judge, shoot }) {
  for (const [name, kind] of [
    ['Nacelle 1', 'Levage'],
    ['Fusionneuse B', 'Fibre'],
  ]) {
    await call(page, '/materials', { name, kind });
  }
  await page.waitForSelector('[data-row-chooser]', { state: 'attached' });
  await page.selectOption('[data-row-chooser]', 'both', { force: true });
  const bars = page.locator('[data-job][data-status=planned]');
  await bars.last().evaluate((bar) => bar.click());
  const add = page.locator('[data-material-add]');
  await add.waitFor({ state: 'attached' });
  // The gallery of another language may have taken it along already.
  if (!(await page.locator('[data-taken]').count())) {
    await add.selectOption({ label: 'Nacelle 1' }, { force: true });
  }
  await page.waitForSelector('[data-taken]', { state: 'attached' });
  await page.evaluate(() => {
    const rows = document.querySelector('.timeline');
    rows.scrollTop = rows.scrollHeight;
  });
  await page.waitForTimeout(600);
  await judge(page, `materials rows ${mark}`);
  await shoot(page, `materials-rows-${mark}`);
  await page.selectOption('[data-row-chooser]', 'people', { force: true });
  await page.goto('about:blank');
  await page.goto(`${BASE}/ops/#/materials`);
  await page.waitForSelector('[data-material]');
  await page.waitForTimeout(300);
  await judge(page, `materials ${mark}`);
  await shoot(page, `materials-${mark}`);
  await enter(page);
}

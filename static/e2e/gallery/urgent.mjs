// The gallery's picture of an urgent job: its three plans, beside each other at a desk, one below the other on a phone.

/** Opens the plans of a job of the pool that somebody could reach, and leaves everything as it was. */
export async function urgent(page, mark, { judge, shoot }) {
  // On a phone the pool is a tab of its own.
  const tab = page.locator('.tabs button:nth-child(2)');
  if (await tab.isVisible()) await tab.click();
  const jobs = await page.locator('[data-pool-job]').evaluateAll((all) => all.map((one) => one.dataset.poolJob));
  for (const job of jobs.slice(0, 8)) {
    await page.evaluate((id) => document.querySelector(`[data-pool-job="${id}"]`)?.click(), job);
    await page.waitForSelector('[data-action=urgent]', { state: 'attached' });
    await page.evaluate(() => document.querySelector('[data-action=urgent]').click());
    const found = await Promise.race([
      page.waitForSelector('[data-way]').then(() => true),
      page.waitForSelector('.urgent .refusal').then(() => false),
    ]);
    if (found) {
      await page.waitForTimeout(300);
      await judge(page, `urgent ${mark}`);
      await shoot(page, `urgent-${mark}`);
    }
    if (found) return;
    await page.click('.urgent header button');
  }
  throw new Error('nobody could reach a job of the pool');
}

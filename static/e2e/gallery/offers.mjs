// The gallery's pictures of the offers: one that is prepared, and one that is open. It is withdrawn afterwards.

/** Prepares an offer of a job of the pool that somebody could take, makes it, and takes it back. */
export async function offers(page, mark, { judge, shoot }) {
  // On a phone the pool is a tab of its own.
  const tab = page.locator('.tabs button:nth-child(2)');
  if (await tab.isVisible()) await tab.click();
  const jobs = await page.locator('[data-pool-job]').evaluateAll((all) => all.map((one) => one.dataset.poolJob));
  for (const job of jobs) {
    await page.evaluate((id) => document.querySelector(`[data-pool-job="${id}"]`)?.click(), job);
    await page.waitForSelector('[data-action=offer]', { state: 'attached' });
    await page.evaluate(() => document.querySelector('[data-action=offer]').click());
    // What nobody could take is refused; what is offered already has no form.
    const found = await Promise.race([
      page.waitForSelector('[data-action=make-offer]').then(() => true),
      page.waitForSelector('.wish .refusal').then(() => false),
      page.waitForSelector('.offers .scroll > [data-offer]:first-child').then(() => false),
    ]);
    if (found) {
      await page.waitForTimeout(300);
      await judge(page, `offer prepared ${mark}`);
      await shoot(page, `offer-prepared-${mark}`);
      await page.click('[data-action=make-offer]');
      await page.waitForSelector('[data-offer][data-state=open]');
      await page.waitForTimeout(600);
      await judge(page, `offers ${mark}`);
      await shoot(page, `offers-${mark}`);
      await page.click('[data-action=withdraw-offer]');
      await page.waitForSelector('[data-offer][data-state=withdrawn]');
      await page.click('.offers header button');
      return;
    }
    await page.click('.offers header button');
  }
  throw new Error('nobody could take a job of the pool');
}

// The gallery's picture of a crew: a visit in two rows, its people in the inspector, and one who is still missing.

/** Gives a planned visit a second technician and asks for a third, and leaves it so. */
export async function crew(page, mark, { judge, shoot }) {
  const bars = page.locator('[data-job][data-status=planned]');
  const count = await bars.count();
  for (let index = count - 1; index >= 0; index -= 1) {
    await bars.nth(index).evaluate((bar) => bar.click());
    const add = page.locator('[data-crew-add]');
    await add.waitFor({ state: 'attached' });
    // Of an earlier variant somebody may go along already.
    const before = await page.locator('[data-assistant]').count();
    for (const option of [2, 9, 17]) {
      await add.selectOption({ index: option });
      const done = await page
        .waitForFunction((n) => document.querySelectorAll('[data-assistant]').length > n, before, { timeout: 2_000 })
        .then(() => true)
        .catch(() => false);
      if (!done) continue;
      // What was added must have come back before the next is asked.
      await page.waitForTimeout(800);
      const size = page.locator('[data-crew-size]');
      await size.fill(String(before + 3));
      await size.blur();
      await page.waitForSelector('[data-section=crew] .short', { state: 'attached' });
      await page.locator('[data-section=crew]').scrollIntoViewIfNeeded();
      await page.waitForTimeout(600);
      await judge(page, `crew ${mark}`);
      await shoot(page, `crew-${mark}`);
      return;
    }
  }
  throw new Error('nobody was free to go along');
}

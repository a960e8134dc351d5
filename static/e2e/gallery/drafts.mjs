// The gallery's pictures of the drafts, and of what this person did.

/** A draft with one job of the pool in it, what it would change. It is dropped afterwards. */
export async function drafts(page, mark, { judge, shoot, tool }) {
  await tool(page, 'drafts');
  await page.fill('[name=draft]', mark.includes('fr') ? 'Demain matin' : 'Tomorrow morning');
  await page.keyboard.press('Enter');
  const waiting = await page.locator('[data-pool-job]').count();
  for (let n = 0; n < waiting; n += 1) {
    // The panel stands where the inspector would: the key asks for a place.
    await page.locator('[data-pool-job]').nth(n).focus();
    await page.keyboard.press('a');
    await page.waitForSelector('dialog ol button, dialog details', { state: 'attached' });
    const places = page.locator('dialog ol button');
    if (await places.count()) {
      await places.first().click();
      await page.waitForTimeout(900);
      break;
    }
    // One that is still going would be taken for the next one, and an Escape too many closes the panel.
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
  }
  await judge(page, `drafts ${mark}`);
  await shoot(page, `drafts-${mark}`);
  await page.click('[data-action=drop-draft]');
  await page.waitForSelector('[data-action=drop-draft]', { state: 'detached' });
}

export async function history(page, mark, { judge, shoot, tool }) {
  await tool(page, 'history');
  await page.waitForSelector('[data-history] .keys');
  await page.waitForSelector('[data-history] li', { timeout: 5_000 }).catch(() => undefined);
  await judge(page, `history ${mark}`);
  await shoot(page, `history-${mark}`);
}

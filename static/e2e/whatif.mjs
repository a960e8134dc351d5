// The gallery's pictures of an imagined day: the banner over the board and the panel beside it. It is dropped afterwards.

export async function whatIf(page, mark, { judge, shoot }) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(mark.startsWith('fr') ? 'et si' : 'what if');
  await page.waitForSelector('[data-choice]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-whatif]');
  await page.click('[data-action=optimise-whatif]');
  await page.waitForSelector('[data-imagined]', { timeout: 20_000 }).catch(() => null);
  await page.waitForTimeout(600);
  await judge(page, `what-if ${mark}`);
  await shoot(page, `whatif-${mark}`);
  await page.click('[data-action=drop-whatif]');
  await page.waitForSelector('[data-whatif]', { state: 'detached' });
}

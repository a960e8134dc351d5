// The gallery's pictures of an imagined day: the banner over the board and the panel beside it. It is dropped afterwards.

export async function whatIf(page, mark, { judge, shoot, tool }) {
  await tool(page, 'whatif');
  await page.waitForSelector('[data-whatif]');
  await page.click('[data-action=optimise-whatif]');
  await page.waitForSelector('[data-imagined]', { timeout: 20_000 }).catch(() => null);
  await page.waitForTimeout(600);
  await judge(page, `what-if ${mark}`);
  await shoot(page, `whatif-${mark}`);
  await page.click('[data-action=drop-whatif]');
  await page.waitForSelector('[data-whatif]', { state: 'detached' });
}

// The gallery's pictures of the board itself: a visit's record, where a job could go, a plan for the day, the palette, a new job.

export async function board(page, mark, { judge, shoot }) {
  await judge(page, `board ${mark}`);
  await shoot(page, `board-${mark}`);
}

export async function inspector(page, mark, { judge, shoot }) {
  await page.locator('[data-promise]').first().click();
  await page.waitForTimeout(700);
  await judge(page, `board with inspector ${mark}`);
  await shoot(page, `inspector-${mark}`);
}

export async function assign(page, mark, { judge, shoot }) {
  await page.locator('[data-pool-job]').first().click();
  await page.click('[data-action=assign]');
  await page.waitForSelector('dialog ol, dialog details, dialog .refusal', { state: 'attached' });
  await judge(page, `assign ${mark}`);
  await shoot(page, `assign-${mark}`);
}

export async function plan(page, mark, { judge, shoot, tool }) {
  await tool(page, 'plan');
  await page.click('[data-action=search]');
  await page.waitForSelector('.planning[data-stage=shown]');
  await judge(page, `plan ${mark}`);
  await shoot(page, `plan-${mark}`);
}

export async function palette(page, mark, { judge, shoot }) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('tremblay');
  await page.waitForSelector('[data-choice^=hit-]');
  await judge(page, `palette ${mark}`);
  await shoot(page, `palette-${mark}`);
}

export async function newJob(page, mark, { judge, shoot }) {
  await page.keyboard.press('c');
  await page.waitForSelector('[data-picker] input');
  await judge(page, `new job ${mark}`);
  await shoot(page, `new-job-${mark}`);
}

export async function menu(page, mark, { judge, shoot }) {
  await page.click('[data-action=more]');
  await page.waitForTimeout(200);
  await judge(page, `menu ${mark}`);
  await shoot(page, `menu-${mark}`);
}

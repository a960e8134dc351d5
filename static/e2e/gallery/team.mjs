// The gallery's pictures of the people who work: the list, one of them, time away, job templates, skills.
import { BASE } from '../browser.mjs';

/** The list, one technician with something unsaved, a new absence, the templates and the skills. */
export async function team(page, mark, { judge, shoot }) {
  await page.goto(`${BASE}/ops/#/team`);
  await page.waitForSelector('[data-person]');
  await page.waitForTimeout(500);
  await judge(page, `team ${mark}`);
  await shoot(page, `team-${mark}`);
  const address = await page.locator('[data-person] a').first().getAttribute('href');
  await page.goto(`${BASE}/ops/${address}`);
  await page.waitForSelector('[data-base-map] canvas', { state: 'attached' });
  await page.locator('[data-day=sat] [data-action=add-hours]').click();
  await page.locator('[data-day=sat] [data-action=copy-day]').click();
  await page.waitForTimeout(700);
  await judge(page, `technician's record ${mark}`);
  await shoot(page, `person-week-${mark}`);
  await page.locator('main').evaluate((main) => main.scrollTo(0, 0));
  await shoot(page, `person-${mark}`);
  await page.click('[data-action=drop]');
  await page.click('[data-action=add-absence]');
  await page.waitForSelector('.absence[data-plan]');
  await judge(page, `absence in the record ${mark}`);
  await shoot(page, `absence-form-${mark}`);
}

/** The lists that work is described by. */
export async function words(page, mark, { judge, shoot }) {
  await page.goto(`${BASE}/ops/#/templates`);
  await page.waitForSelector('[data-template], [data-action=starters]');
  const starters = page.locator('[data-action=starters]');
  if (await starters.count()) {
    await judge(page, `no template yet ${mark}`);
    await shoot(page, `templates-empty-${mark}`);
    await starters.click();
    await page.waitForSelector('[data-template]');
  }
  await judge(page, `templates ${mark}`);
  await shoot(page, `templates-${mark}`);
  await page.goto(`${BASE}/ops/#/tags`);
  await page.waitForSelector('[data-tag]');
  await page.waitForTimeout(300);
  await judge(page, `skills ${mark}`);
  await shoot(page, `skills-${mark}`);
}

// The gallery's pictures of what is seldom seen and must be clear then: waiting, nothing yet, silence, a refusal, two hands on one
// thing, no answer. What the server would say in such an hour is brought about at the network's edge; the pages are the real ones.
import { BASE } from '../browser.mjs';

const EDGE = '**/dispatch/board?**';
const STREAM = '**/sse?**';

/** Opens an address anew: the board's own would only change what stands behind the #. */
async function anew(page, path = '/') {
  await page.goto('about:blank');
  await page.goto(`${BASE}/ops/#${path}`);
}

/** While the day is under way: the true layout, without its words. */
export async function waiting(page, mark, { judge, shoot }) {
  let answer;
  const held = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route(EDGE, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await anew(page);
  await page.waitForSelector('.bones');
  await page.waitForTimeout(500);
  await judge(page, `waiting ${mark}`);
  await shoot(page, `waiting-${mark}`);
  answer();
  await page.waitForSelector('.bar');
  await page.unroute(EDGE);
}

/** A company on its first day: what each page will hold, and the first step. */
export async function nothing(page, mark, { judge, shoot }) {
  await page.route(EDGE, async (route) => {
    const answer = await route.fetch();
    const day = await answer.json();
    for (const [key, list] of Object.entries(day)) if (Array.isArray(list)) day[key] = [];
    await route.fulfill({ response: answer, json: day });
  });
  await anew(page);
  await page.waitForSelector('.timeline .empty');
  await page.waitForTimeout(800);
  await judge(page, `nothing yet ${mark}`);
  await shoot(page, `nothing-board-${mark}`);
  await page.unroute(EDGE);
  await page.route(STREAM, (route) => route.abort());
  const lists = [
    ['customers', '/customers', '**/customers?**'],
    ['outbox', '/outbox', '**/outbox?**'],
    ['team', '/team', '**/technicians**'],
  ];
  for (const [name, path, edge] of lists) {
    await page.route(edge, async (route) => {
      if (route.request().resourceType() !== 'fetch') return route.continue();
      const answer = await route.fetch();
      const list = await answer.json();
      return route.fulfill({ response: answer, json: { ...list, items: [] } });
    });
    await anew(page, path);
    await page.waitForSelector('.empty');
    await page.waitForTimeout(300);
    await judge(page, `no ${name} yet ${mark}`);
    await shoot(page, `nothing-${name}-${mark}`);
    await page.unroute(edge);
  }
}

/** The line is down: what is shown stays, and says since when it may be wrong. */
export async function silence(page, mark, { judge, shoot }) {
  await page.route(STREAM, (route) => route.abort());
  await anew(page);
  await page.waitForSelector('.stale');
  await page.waitForTimeout(300);
  await judge(page, `the line is down ${mark}`);
  await shoot(page, `stale-${mark}`);
}

/** A rule says no: which one, and what may be done about it. */
export async function refused(page, mark, { judge, shoot }) {
  await page.route('**/dispatch/suggest', (route) => route.abort());
  await page.locator('.bar[data-status=planned]').last().focus();
  await page.keyboard.press('a');
  await page.waitForSelector('dialog .hand');
  await page.unroute('**/dispatch/suggest');
  // Who is away all day is refused whatever the job.
  await page.locator('dialog select').selectOption({ label: 'Daniel Fortin' });
  await page.click('dialog .hand [type=submit]');
  await page.waitForSelector('.toast.refusal');
  await page.waitForTimeout(400);
  // The picture first: the note goes by itself.
  await shoot(page, `refused-${mark}`);
  await judge(page, `refused ${mark}`);
}

/** Somebody was quicker with the same visit: who, when, what, and three ways on. */
export async function conflict(page, mark, { judge, shoot }) {
  let mine = 0;
  await page.route('**/dispatch/assign', async (route) => {
    const asked = route.request().postDataJSON();
    mine += 1;
    // The other hand: the same visit, ten minutes further the same way.
    const start = new Date(Date.parse(asked.start) + 10 * 60_000).toISOString();
    const headers = { ...(await route.request().allHeaders()), 'idempotency-key': `${mark}-other-hand-${mine}` };
    await route.fetch({ headers, postData: { ...asked, start } });
    return route.continue();
  });
  // The last visit of a row has nothing after it that would be in the way of either hand; where a rule is, the next row.
  const last = await page
    .locator('[role=row]')
    .evaluateAll((rows) =>
      rows.flatMap((row) => [...row.querySelectorAll('.bar[data-status=planned]')].at(-1)?.dataset.job ?? []),
    );
  for (const job of last.slice(0, 16)) {
    await page.locator(`.bar[data-job="${job}"]`).evaluate((bar) => bar.focus());
    for (const key of ['m', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    const met = await page
      .waitForSelector('[data-clash]', { timeout: 2_500 })
      .then(() => true)
      .catch(() => false);
    if (met) break;
    await page.keyboard.press('Escape');
  }
  await page.waitForSelector('[data-clash]');
  await page.waitForTimeout(400);
  await judge(page, `conflict ${mark}`);
  await shoot(page, `conflict-${mark}`);
}

/** Customers whom no text reaches: who, why, and how to reach them. */
export async function untold(page, mark, { judge, shoot }) {
  await page.route(EDGE, async (route) => {
    const answer = await route.fetch();
    const day = await answer.json();
    const ahead = day.technicians.flatMap((one) => one.visits).filter((visit) => visit.job.status === 'planned');
    day.untold = ahead.slice(0, 3).map(({ job_id }) => ({ job_id, kind: 'promise', why: 'opted_out' }));
    await route.fulfill({ response: answer, json: day });
  });
  await anew(page);
  await page.click('[data-action=untold]');
  await page.waitForSelector('[data-untold-panel] li');
  await page.waitForTimeout(400);
  await judge(page, `untold ${mark}`);
  await shoot(page, `untold-${mark}`);
}

/** No answer: what still works, and the way to try again. */
export async function unanswered(page, mark, { judge, shoot }) {
  await page.route(EDGE, (route) => route.abort());
  await anew(page);
  await page.waitForSelector('.failed');
  await page.waitForTimeout(300);
  await judge(page, `no day came ${mark}`);
  await shoot(page, `error-board-${mark}`);
  await page.unroute(EDGE);
  await page.route('**/auth/me', (route) => route.abort());
  await anew(page);
  await page.waitForSelector('.door .refusal');
  await judge(page, `no house ${mark}`);
  await shoot(page, `error-door-${mark}`);
  await page.unroute('**/auth/me');
  await anew(page);
  await page.waitForSelector('.bar');
  await page.route('**/assets/**', (route) => route.abort());
  await page.evaluate(() => (location.hash = '#/customers'));
  await page.waitForSelector('[data-fetching] a');
  await judge(page, `a page that does not come ${mark}`);
  await shoot(page, `error-part-${mark}`);
  await page.unroute('**/assets/**');
  // It comes by itself once there is an answer again.
  await page.waitForSelector('[data-fetching]', { state: 'detached' });
  await page.waitForSelector('h1');
}

// The gallery's picture of a bundle: one bar with its count, and its jobs in the inspector.

const call = (page, method, path, body) =>
  page.evaluate(
    ([how, to, what]) =>
      fetch(to, {
        method: how,
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        ...(what ? { body: JSON.stringify(what) } : {}),
      }).then((answer) => (answer.status === 204 ? null : answer.json())),
    [method, path, body],
  );

/** Bundles a planned visit with a new job of the same customer, and takes it apart again. */
export async function bundles(page, mark, { judge, shoot }) {
  const jobs = await page
    .locator('[data-job][data-status=planned]')
    .evaluateAll((all) => all.map((one) => one.dataset.job));
  for (const id of jobs.reverse().slice(0, 20)) {
    const { customer_id, location_id } = await call(page, 'GET', `/jobs/${id}`);
    const title = 'Deuxième prise';
    const more = await call(page, 'POST', '/jobs', {
      customer_id,
      location_id,
      title,
      duration_min: 15,
      priority: 'normal',
      skills: [],
    });
    const made = await call(page, 'POST', '/bundles', { job_ids: [id, more.id] });
    if (!made.id) {
      await call(page, 'POST', `/jobs/${more.id}/status`, { status: 'cancelled' });
      continue;
    }
    await page.waitForSelector(`[data-job="${id}"]`);
    await page.evaluate((job) => document.querySelector(`[data-job="${job}"]`).click(), id);
    await page.waitForSelector('[data-bundle]', { state: 'attached' });
    await page.locator('[data-bundle]').scrollIntoViewIfNeeded();
    await page.waitForTimeout(600);
    await judge(page, `bundle ${mark}`);
    await shoot(page, `bundle-${mark}`);
    await call(page, 'DELETE', `/bundles/${made.id}`);
    return;
  }
  throw new Error('no visit had room for a second job');
}

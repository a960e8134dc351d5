// The gallery's pictures of the people who are visited, and of what was written to them.
import { BASE } from '../browser.mjs';

/** The list of customers, one of them who has jobs, and a field that is wrong. */
export async function customers(page, mark, { judge, shoot }) {
  await page.goto(`${BASE}/ops/#/customers`);
  await page.waitForSelector('[data-customer]');
  await judge(page, `customers ${mark}`);
  await shoot(page, `customers-${mark}`);
  const found = await page.context().request.get(`${BASE}/search?q=fibre&kinds=job&limit=1`);
  const { items } = await found.json();
  await page.goto(`${BASE}/ops/#/customers/${items[0].customer_id}`);
  await page.waitForSelector('[data-customer-job]');
  await page.waitForTimeout(500);
  await judge(page, `customer ${mark}`);
  await shoot(page, `customer-${mark}`);
  await page.click('[data-action=edit-customer]');
  await page.fill('[name=phone]', '12');
  await page.click('[data-customer-form] [type=submit]');
  await judge(page, `customer edited ${mark}`);
  await shoot(page, `customer-edit-${mark}`);
}

/** What was, will be and would have been sent. */
export async function outbox(page, mark, { judge, shoot }) {
  await page.goto(`${BASE}/ops/#/outbox`);
  await page.waitForTimeout(900);
  await judge(page, `outbox ${mark}`);
  await shoot(page, `outbox-${mark}`);
}

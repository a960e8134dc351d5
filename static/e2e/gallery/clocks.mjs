// The gallery's pictures of service levels: the form of a policy, and the queue with its policies.

export async function clocks(page, mark, { judge, shoot, tool }) {
  await tool(page, 'sla');
  await page.waitForSelector('[data-sla-panel]');
  await page.click('[data-action=new-policy]');
  await page.waitForSelector('[data-policy-form]');
  await judge(page, `policy ${mark}`);
  await shoot(page, `sla-policy-${mark}`);
  await page.click('[data-policy-form] .ways button');
  await judge(page, `service levels ${mark}`);
  await shoot(page, `sla-${mark}`);
  await page.click('[data-sla-panel] header button');
}

// The gallery's pictures of zones: one being drawn with the visits that it would refuse, the list, and the board's map with its
// legend. The zone is thrown away afterwards.

const CORNERS = '45.02, -73.75\n45.02, -73.45\n45.16, -73.40\n45.18, -73.70';

export async function zones(page, mark, { judge, shoot, tool }) {
  await tool(page, 'zones');
  await page.waitForSelector('[data-zones]');
  await page.click('[data-action=draw-zone]');
  await page.fill('[name=zone-name]', 'Aéroport');
  await page.fill('[name=zone-corners]', CORNERS);
  await page.locator('[name=zone-corners]').blur();
  await page.selectOption('[name=zone-tag]', { index: 1 });
  await page.selectOption('[name=zone-level]', '5');
  await page.waitForSelector('[data-zone-breaks]');
  await page.waitForTimeout(600);
  await judge(page, `zone drawn ${mark}`);
  await shoot(page, `zone-drawn-${mark}`);
  await page.click('[data-action=save-zone]');
  await page.waitForSelector('[data-zone]');
  await judge(page, `zones ${mark}`);
  await shoot(page, `zones-${mark}`);
  await page.click('[data-zones] header button');
  const legend = page.locator('[data-zone-legend]');
  if (await legend.isVisible()) await shoot(page, `zones-map-${mark}`);
  await tool(page, 'zones');
  await page.click('[data-action=drop-zone]');
  await page.click('[data-action=drop-zone-sure]');
  await page.waitForSelector('[data-zone]', { state: 'detached' });
}

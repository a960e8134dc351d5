// The gallery's pictures of home bases on the map, one of them in hand; and of several visits taken by a frame. Nothing is saved.

/** All home bases, one being moved with what was clicked, and a frame's selection. */
export async function homes(page, mark, { judge, shoot }) {
  const isPhone = mark.startsWith('phone');
  if (isPhone) await page.click('nav.tabs button:last-child');
  await page.waitForSelector('[data-map] canvas', { state: 'attached' });
  await page.click('[data-action=homes-on-map]');
  await page.waitForTimeout(900);
  await judge(page, `home bases ${mark}`);
  await shoot(page, `homes-${mark}`);
  if (isPhone) await page.click('nav.tabs button:first-child');
  const name = page.locator('[data-technician]').first();
  await name.focus();
  await page.keyboard.press('Shift+F10');
  await page.click('[role=menu] [data-item=move-home]');
  await page.waitForFunction(() => document.querySelector('[data-mover] [name=lat]')?.value);
  const map = await page.locator('[data-map]').boundingBox();
  await page.mouse.click(map.x + map.width / 2 + 20, map.y + map.height - 60);
  await page.waitForTimeout(900);
  await judge(page, `home base in hand ${mark}`);
  await shoot(page, `home-moved-${mark}`);
  await page.click('[data-action=stop-move]');
  await page.click('[data-action=homes-on-map]');
  if (isPhone) return page.click('nav.tabs button:first-child');
  await page.keyboard.down('Shift');
  await page.mouse.move(map.x + 20, map.y + 60);
  await page.mouse.down();
  await page.mouse.move(map.x + map.width / 2, map.y + map.height / 2, { steps: 6 });
  await page.waitForTimeout(700);
  await shoot(page, `map-frame-${mark}`);
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.waitForTimeout(700);
  await judge(page, `taken by a frame ${mark}`);
  await shoot(page, `map-taken-${mark}`);
  await page.keyboard.press('Escape');
}

// The screens' figures for docs/benchmarks.md: how soon the board stands, and how smoothly a bar is dragged.
//
//   TOURNEE_URL=http://127.0.0.1:3300 TOURNEE_DEMO_LOG=demo.log node e2e/figures.mjs
import { BASE, enter, launch } from './browser.mjs';

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
await enter(page);

const say = (line) => process.stdout.write(`${line}\n`);
const middle = (list, share = 0.5) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)];

// Signed in by now: load again, as at every morning's start.
const times = [];
for (let i = 0; i < 5; i += 1) {
  const began = Date.now();
  await page.goto(`${BASE}/ops/?${i}`);
  await page.waitForSelector('.bar');
  times.push(Date.now() - began);
}
const bars = await page.locator('.bar').count();
const rows = await page.locator('[data-lane]').count();
say(
  `board with ${rows} technicians and ${bars} visits: drawn after ${middle(times)} ms (median of 5: ${times.join(', ')})`,
);

await page.waitForTimeout(4000);
await page.evaluate(() => {
  globalThis.frames_ms = [];
  let last = performance.now();
  const tick = (now) => {
    globalThis.frames_ms.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});
const box = await page.locator('.bar[data-status=planned]').nth(4).boundingBox();
await page.mouse.move(box.x + 8, box.y + 8);
await page.mouse.down();
for (let i = 0; i < 90; i += 1) {
  await page.mouse.move(box.x + 8 + i * 2, box.y + 8 + i * 3);
  await page.waitForTimeout(12);
}
await page.keyboard.press('Escape');
await page.mouse.up();
const frames = await page.evaluate(() => globalThis.frames_ms);
const ms = (share) => middle(frames, share).toFixed(1);
say(
  `drag over ${frames.length} frames: p50 ${ms(0.5)} ms, p95 ${ms(0.95)} ms, longest ${Math.max(...frames).toFixed(0)} ms`,
);
await browser.close();

// What the scripts of this folder share: the browser, and signing in as the demonstration's log says.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const BASE = process.env.TOURNEE_URL ?? 'http://127.0.0.1:3300';

/** Debian's Chromium, drawing in software, told to speak to nobody. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-swiftshader',
    ],
  });

/** « Sign in as … with the password … », as the demonstration prints it; TOURNEE_EMAIL and TOURNEE_PASSWORD do as well. */
export function credentials() {
  const log = process.env.TOURNEE_DEMO_LOG ? readFileSync(process.env.TOURNEE_DEMO_LOG, 'utf8') : '';
  const [, email = '', password = ''] = /Sign in as (\S+) with the password (\S+)/.exec(log) ?? [];
  return { email: process.env.TOURNEE_EMAIL ?? email, password: process.env.TOURNEE_PASSWORD ?? password };
}

/** Opens the board, through the door where there is one. */
export async function enter(page) {
  await page.goto(`${BASE}/ops/`);
  await page.waitForSelector('input[name=email], .timeline');
  if (await page.locator('input[name=email]').count()) {
    const { email, password } = credentials();
    await page.fill('input[name=email]', email);
    await page.fill('input[name=password]', password);
    await page.click('button[type=submit]');
  }
  await page.waitForSelector('.bar');
}

/** Opens a board tool from the menu of the top bar, or from the bar itself. */
export async function tool(page, id) {
  await page.click('[data-action=more]');
  await page.waitForSelector('[role=menu]');
  const line = page.locator(`[data-item=${id}]`);
  if (await line.count()) return line.click();
  await page.keyboard.press('Escape');
  return page.click(`[data-action=${id}]`);
}

// Renders the gallery of `make screenshots` from a running `tournee demo`, and holds the pages to axe's rules:
// zero violations on the board, the team's pages, the technician's page and the customer's page.
//
//   TOURNEE_URL=http://127.0.0.1:3300 TOURNEE_DEMO_LOG=demo.log node e2e/screenshots.mjs [--axe-only] [--out FOLDER]
//
// The demonstration's own words on its terminal (the log) tell how to sign in.
// The links to /t/ and /track/ are taken from the outbox, as a person would take them from their phone.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BASE, enter as openBoard, launch } from './browser.mjs';
import { drafts } from './drafts.mjs';
import { offers } from './offers.mjs';
import { urgent } from './urgent.mjs';
import { whatIf } from './whatif.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(here, 'shots') },
    'axe-only': { type: 'boolean', default: false },
  },
});

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

mkdirSync(options.out, { recursive: true });
const browser = await launch();
let violations = 0;

async function open(viewport, scheme, language) {
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    locale: language === 'fr' ? 'fr-CA' : 'en-CA',
    deviceScaleFactor: viewport === PHONE ? 2 : 1,
    bypassCSP: true,
  });
  await context.addInitScript((lang) => localStorage.setItem('tournee.language', lang), language);
  return context;
}

async function judge(page, name) {
  await page.evaluate(AXE);
  const result = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags }), RULES);
  for (const found of result.violations) {
    violations += found.nodes.length;
    process.stdout.write(`${name}: ${found.id} (${found.impact}) ×${found.nodes.length}: ${found.help}\n`);
    for (const node of found.nodes.slice(0, 3)) process.stdout.write(`    ${node.target.join(' ')}\n`);
  }
}

async function shoot(page, name) {
  if (!options['axe-only']) await page.screenshot({ path: join(options.out, `${name}.png`) });
}

async function enter(page) {
  await openBoard(page);
  await page.waitForSelector('[data-map] canvas', { state: 'attached' });
  await page.waitForTimeout(1800);
}

/** The newest link of a kind that still opens. */
async function linkOf(context, kind) {
  const answer = await context.request.get(`${BASE}/outbox?limit=200`);
  const { items } = await answer.json();
  const paths = items.map((item) => new RegExp(`/${kind}/[\\w.~-]+`).exec(item.body)?.[0]).filter(Boolean);
  let fallback = null;
  for (const path of paths.slice(0, 60)) {
    const page = await context.request.get(BASE + path, { headers: { Accept: 'text/html' } });
    if (!page.ok()) continue;
    const html = await page.text();
    // A customer's page is at its best with the map, a technician's with work ahead.
    if (kind === 'track' ? html.includes('data-map') : html.includes('data-step')) return path;
    fallback ??= path;
  }
  return fallback;
}

/** The list of customers, one of them who has jobs, and a field that is wrong. */
async function customers(page, mark, where) {
  await page.goto(`${BASE}/ops/#/customers`);
  await page.waitForSelector('[data-customer]');
  await judge(page, `customers${where} ${mark}`);
  await shoot(page, `customers${where}-${mark}`);
  const found = await page.context().request.get(`${BASE}/search?q=tremblay&kinds=job&limit=1`);
  const { items } = await found.json();
  if (!items.length) return;
  await page.goto(`${BASE}/ops/#/customers/${items[0].customer_id}`);
  await page.waitForSelector('[data-customer-job]');
  await page.waitForTimeout(500);
  await judge(page, `customer${where} ${mark}`);
  await shoot(page, `customer${where}-${mark}`);
  await page.click('[data-action=edit-customer]');
  await page.fill('[name=phone]', '12');
  await page.click('[data-customer-form] [type=submit]');
  await judge(page, `customer edited${where} ${mark}`);
  await shoot(page, `customer-edit${where}-${mark}`);
}

/** The list, one technician with something unsaved, a new one, and the skills; the address of the technician. */
async function visitTeam(page, mark, known) {
  await page.goto(`${BASE}/ops/#/team`);
  await page.waitForSelector('[data-person]');
  await page.waitForTimeout(500);
  await judge(page, `team ${mark}`);
  await shoot(page, `team-${mark}`);
  const address = known ?? (await page.locator('[data-person] a').first().getAttribute('href'));
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
  await page.waitForSelector('[data-frees]:not([data-frees=""])');
  await judge(page, `absence ${mark}`);
  await shoot(page, `absence-${mark}`);
  await page.goto(`${BASE}/ops/#/templates`);
  await page.waitForSelector('[data-template], [data-action=starters]');
  await judge(page, `templates ${mark}`);
  await shoot(page, `templates-${mark}`);
  await page.goto(`${BASE}/ops/#/tags`);
  await page.waitForSelector('[data-tag]');
  await page.waitForTimeout(300);
  await judge(page, `skills ${mark}`);
  await shoot(page, `skills-${mark}`);
  return address;
}

/** The ways to look at the board: three days, a week, several selected with their menu, the panel of views, the month. */
async function waysToLook(page, mark) {
  await enter(page);
  for (const [key, name] of [
    ['3', 'three-days'],
    ['7', 'week'],
  ]) {
    await page.keyboard.press(key);
    await page.waitForSelector(`.board[data-days="${key}"]`);
    await page.waitForTimeout(500);
    await judge(page, `${name} ${mark}`);
    await shoot(page, `${name}-${mark}`);
  }
  await page.keyboard.press('1');
  await page.waitForSelector('.board[data-days="1"]');
  const bars = page.locator('.bar[data-status=planned]');
  await bars.nth(3).click();
  await bars.nth(4).click({ modifiers: ['Control'] });
  await page.waitForSelector('[data-several]');
  await bars.nth(4).click({ button: 'right' });
  await page.waitForSelector('[role=menu]');
  await page.waitForTimeout(400);
  await judge(page, `several with their menu ${mark}`);
  await shoot(page, `several-${mark}`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('v');
  await page.waitForSelector('[data-presets]');
  await judge(page, `views and groups ${mark}`);
  await shoot(page, `presets-${mark}`);
  await page.keyboard.press('?');
  await page.waitForSelector('[data-shortcuts]');
  await judge(page, `keys ${mark}`);
  await shoot(page, `keys-${mark}`);
  await page.keyboard.press('Escape');
  await month(page, mark);
}

/** The calendar, counted. */
async function month(page, mark) {
  await page.goto(`${BASE}/ops/#/calendar`);
  await page.waitForSelector('.day .load');
  await page.waitForTimeout(300);
  await judge(page, `month ${mark}`);
  await shoot(page, `month-${mark}`);
}

let links = null;
for (const [language, scheme] of [
  ['fr', 'light'],
  ['en', 'dark'],
  ['fr', 'dark'],
  ['en', 'light'],
]) {
  const mark = `${language}-${scheme}`;
  const desk = await open(DESK, scheme, language);
  const page = await desk.newPage();
  if (!links) {
    await page.goto(`${BASE}/ops/#/`);
    await page.waitForSelector('input[name=email], .timeline');
    await judge(page, 'login');
    await shoot(page, `login-${mark}`);
  }
  await enter(page);
  await judge(page, `board ${mark}`);
  await shoot(page, `board-${mark}`);
  await page.locator('[data-promise]').first().click();
  await page.waitForTimeout(700);
  await judge(page, `board with inspector ${mark}`);
  await shoot(page, `inspector-${mark}`);
  await page.keyboard.press('Escape');
  if (await page.locator('[data-pool-job]').count()) {
    await page.locator('[data-pool-job]').first().click();
    await page.click('[data-action=assign]');
    await page.waitForSelector('dialog ol, dialog details, dialog .refusal', { state: 'attached' });
    await judge(page, `assign ${mark}`);
    await shoot(page, `assign-${mark}`);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    // Selected once more it would be let go: what follows chooses anew.
    await page.keyboard.press('Escape');
  }
  await urgent(page, mark, { judge, shoot });
  await whatIf(page, mark, { judge, shoot });
  await offers(page, mark, { judge, shoot });
  await page.click('[data-action=plan]');
  await page.click('[data-action=search]');
  await page.waitForSelector('.planning[data-stage=shown]');
  await judge(page, `plan ${mark}`);
  await shoot(page, `plan-${mark}`);
  await page.keyboard.press('Escape');
  await drafts(page, mark, { judge, shoot });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('tremblay');
  await page.waitForSelector('[data-choice^=hit-]');
  await judge(page, `palette ${mark}`);
  await shoot(page, `palette-${mark}`);
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await page.waitForSelector('[data-picker] input');
  await judge(page, `new job ${mark}`);
  await shoot(page, `new-job-${mark}`);
  await page.keyboard.press('Escape');
  await customers(page, mark, '');
  links ??= { tech: await linkOf(desk, 't'), track: await linkOf(desk, 'track') };
  await page.goto(`${BASE}/ops/#/outbox`);
  await page.waitForTimeout(900);
  await judge(page, `outbox ${mark}`);
  await shoot(page, `outbox-${mark}`);
  const person = await visitTeam(page, mark);
  await waysToLook(page, mark);
  await desk.close();

  const phone = await open(PHONE, scheme, language);
  const small = await phone.newPage();
  await enter(small);
  await judge(small, `board on a phone ${mark}`);
  await shoot(small, `board-phone-${mark}`);
  await small.click('[data-action=more]');
  await judge(small, `menu on a phone ${mark}`);
  await shoot(small, `menu-phone-${mark}`);
  await small.click('[data-item=plan]');
  await small.click('[data-action=search]');
  await small.waitForSelector('.planning[data-stage=shown]');
  await judge(small, `plan on a phone ${mark}`);
  await shoot(small, `plan-phone-${mark}`);
  await small.keyboard.press('Control+k');
  await small.waitForSelector('[data-palette]');
  await judge(small, `palette on a phone ${mark}`);
  await shoot(small, `palette-phone-${mark}`);
  await small.keyboard.press('Escape');
  await customers(small, mark, '-phone');
  await visitTeam(small, `phone-${mark}`, person);
  await month(small, `phone-${mark}`);
  for (const [name, path] of [
    ['tech', links.tech],
    ['track', links.track],
    ['invalid', '/track/nothing'],
  ]) {
    if (!path) {
      process.stdout.write(`no ${name} link in the outbox yet: page left out\n`);
      continue;
    }
    await small.goto(BASE + path);
    await small.waitForTimeout(1200);
    await judge(small, `${name} ${mark}`);
    await shoot(small, `${name}-${mark}`);
  }
  await phone.close();
}
await browser.close();
process.stdout.write(`axe: ${violations} violations; pictures in ${options.out}\n`);
process.exit(violations ? 1 : 0);

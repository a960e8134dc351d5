// Renders the gallery of `make screenshots` from a running `tournee demo`, and holds every page to axe's rules: no violation.
//
//   TOURNEE_URL=http://127.0.0.1:3300 TOURNEE_DEMO_LOG=demo.log node e2e/screenshots.mjs
//     [--axe-only] [--out FOLDER] [--only fr-light,en-dark] [--chapters board,offers] [--where desk|phone]
//
// Each chapter begins at a fresh board and leaves what it likes behind; one that breaks is told, with a picture of what stood
// there, and the next begins. The demonstration's own words on its terminal (the log) tell how to sign in.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BASE, enter, launch, tool } from './browser.mjs';
import { assign, board, inspector, menu, newJob, palette, plan } from './gallery/board.mjs';
import { clocks } from './gallery/clocks.mjs';
import { customers, outbox } from './gallery/customers.mjs';
import { bundles } from './gallery/bundles.mjs';
import { crew } from './gallery/crew.mjs';
import { drafts, history } from './gallery/drafts.mjs';
import { absence, calendars, fairness, texting } from './gallery/hours.mjs';
import { homes } from './gallery/homes.mjs';
import { links } from './gallery/links.mjs';
import { materials } from './gallery/materials.mjs';
import { offers } from './gallery/offers.mjs';
import { conflict, nothing, refused, silence, unanswered, untold, waiting } from './gallery/states.mjs';
import { team, words } from './gallery/team.mjs';
import { urgent } from './gallery/urgent.mjs';
import { kept, month, past, several, spans, views, windows } from './gallery/ways.mjs';
import { whatIf } from './gallery/whatif.mjs';
import { zones } from './gallery/zones.mjs';

/** In the order of the gallery; `where` leaves a chapter out where the screen has no room or no hands for it. */
const CHAPTERS = [
  { name: 'board', run: board },
  { name: 'inspector', run: inspector },
  { name: 'assign', run: assign, where: 'desk' },
  { name: 'crew', run: crew, where: 'desk' },
  { name: 'bundles', run: bundles, where: 'desk' },
  { name: 'materials', run: materials, where: 'desk' },
  { name: 'urgent', run: urgent },
  { name: 'whatif', run: whatIf },
  { name: 'absence', run: absence },
  { name: 'calendars', run: calendars },
  { name: 'fairness', run: fairness },
  { name: 'texting', run: texting },
  { name: 'offers', run: offers },
  { name: 'plan', run: plan },
  { name: 'drafts', run: drafts, where: 'desk' },
  { name: 'history', run: history },
  { name: 'palette', run: palette },
  { name: 'new-job', run: newJob },
  { name: 'menu', run: menu },
  { name: 'spans', run: spans },
  { name: 'several', run: several, where: 'desk' },
  { name: 'views', run: views },
  { name: 'zones', run: zones },
  { name: 'homes', run: homes },
  { name: 'clocks', run: clocks },
  { name: 'month', run: month },
  { name: 'past', run: past },
  { name: 'kept', run: kept },
  { name: 'windows', run: windows, where: 'desk' },
  { name: 'customers', run: customers },
  { name: 'outbox', run: outbox },
  { name: 'team', run: team },
  { name: 'words', run: words },
  { name: 'waiting', run: waiting },
  { name: 'nothing', run: nothing },
  { name: 'refused', run: refused },
  { name: 'conflict', run: conflict },
  { name: 'untold', run: untold },
  { name: 'silence', run: silence },
  { name: 'unanswered', run: unanswered },
  { name: 'links', run: links, where: 'phone' },
];

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(here, 'shots') },
    'axe-only': { type: 'boolean', default: false },
    only: { type: 'string', default: 'fr-light,en-dark,fr-dark,en-light' },
    chapters: { type: 'string', default: '' },
    where: { type: 'string', default: '' },
  },
});

const SCREENS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const PATIENCE_MS = 20_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

mkdirSync(options.out, { recursive: true });
const browser = await launch();
let violations = 0;
const broken = [];

async function open(where, scheme, language) {
  const context = await browser.newContext({
    viewport: SCREENS[where],
    colorScheme: scheme,
    locale: language === 'fr' ? 'fr-CA' : 'en-CA',
    deviceScaleFactor: where === 'phone' ? 2 : 1,
    bypassCSP: true,
  });
  await context.addInitScript((lang) => localStorage.setItem('tournee.language', lang), language);
  context.setDefaultTimeout(PATIENCE_MS);
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

async function atTheBoard(page, where) {
  // What a chapter did at the network's edge ends with it.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  // Another address first: the board's own would only change what stands behind the #.
  await page.goto('about:blank');
  await enter(page);
  if (where === 'desk') await page.waitForSelector('[data-map] canvas', { state: 'attached' });
  await page.waitForTimeout(1_500);
}

async function login(mark) {
  const [language, scheme] = mark.split('-');
  const context = await open('desk', scheme, language);
  const page = await context.newPage();
  await page.goto(`${BASE}/ops/#/`);
  await page.waitForSelector('input[name=email]');
  await judge(page, `login ${mark}`);
  await shoot(page, `login-${mark}`);
  await context.close();
}

const wanted = options.chapters.split(',').filter(Boolean);
for (const variant of options.only.split(',')) {
  const [language, scheme] = variant.split('-');
  if (!wanted.length) await login(variant);
  for (const where of Object.keys(SCREENS).filter((one) => !options.where || one === options.where)) {
    const mark = where === 'phone' ? `phone-${variant}` : variant;
    const context = await open(where, scheme, language);
    const page = await context.newPage();
    for (const chapter of CHAPTERS) {
      if (chapter.where && chapter.where !== where) continue;
      if (wanted.length && !wanted.includes(chapter.name)) continue;
      try {
        await atTheBoard(page, where);
        await chapter.run(page, mark, { judge, shoot, tool });
      } catch (error) {
        broken.push(`${chapter.name} ${mark}`);
        process.stdout.write(`${chapter.name} ${mark} broke: ${error.message.split('\n')[0]}\n`);
        await page.screenshot({ path: join(options.out, `broken-${chapter.name}-${mark}.png`) }).catch(() => undefined);
      }
    }
    await context.close();
  }
}
await browser.close();
process.stdout.write(`axe: ${violations} violations; ${broken.length} chapters broke; pictures in ${options.out}\n`);
process.exit(violations || broken.length ? 1 : 0);

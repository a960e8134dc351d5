// Prints what each screen weighs (gzipped) on first load, and fails where a budget is passed:
// the board's own JavaScript without the lazy map < 150 kB, the technician's page < 150 kB in total.
import { gzipSync } from 'node:zlib';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
const size = (file) => {
  const bytes = readFileSync(join(dist, file));
  return /woff2$/.test(file) ? bytes.length : gzipSync(bytes, { level: 9 }).length;
};

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

function weigh(key) {
  let js = 0;
  let css = 0;
  for (const part of closure(key)) {
    js += size(manifest[part].file);
    for (const file of manifest[part].css ?? []) css += size(file);
  }
  return { js, css };
}

const font = Object.values(manifest).find((m) => /inter-latin-wght-normal.*woff2$/.test(m.file))?.file;
const fontSize = font && existsSync(join(dist, font)) ? size(font) : 0;
const board = weigh('ops.html');
// One language comes with it: the longer of the two.
board.js += Math.max(...['fr', 'en'].map((language) => size(manifest[`src/words/${language}.ts`].file)));
const tech = weigh('src/tech/main.ts');
const track = weigh('src/track/main.ts');
const page = 8_000; // a full technician's day as HTML, gzipped, rounded up
const techTotal = tech.js + tech.css + fontSize + page;
const kb = (n) => `${(n / 1000).toFixed(1)} kB`;
const lines = [
  `board:  own JavaScript ${kb(board.js)} (budget 150 kB), styles ${kb(board.css)}, font ${kb(fontSize)}`,
  `/t/:    JavaScript ${kb(tech.js)}, styles ${kb(tech.css)}, font ${kb(fontSize)}, page ~${kb(page)}: ${kb(techTotal)} (budget 150 kB)`,
  `/track: JavaScript ${kb(track.js)}, styles ${kb(track.css)}, font ${kb(fontSize)}`,
];
process.stdout.write(`${lines.join('\n')}\n`);
if (board.js > 150_000 || techTotal > 150_000) process.exit(1);

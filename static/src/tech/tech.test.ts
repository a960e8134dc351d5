// The technician's page is read in sunlight: 7:1 for every text on every ground it uses.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const tokens = readFileSync('src/design/tokens.css', 'utf8');
const own = readFileSync('src/tech/tech.css', 'utf8');

type Palette = Record<string, string>;

function read(css: string, selector: string): Palette {
  const start = css.indexOf(selector);
  const body = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start));
  return Object.fromEntries([...body.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
}

const light = { ...read(tokens, ':root {'), ...read(own, ':root {') };
const night = ":root:not([data-theme='light'])";
const dark = { ...read(tokens, night), ...read(own, night) };

const PAIRS: [string, string][] = [
  ['ink', 'ground'],
  ['ink', 'surface'],
  ['ink-soft', 'ground'],
  ['ink-soft', 'surface'],
  ['broken', 'ground'],
  ['broken', 'surface'],
  ['broken', 'broken-wash'],
  ['at-risk', 'at-risk-wash'],
  ['moving', 'ground'],
  ['moving', 'moving-wash'],
  ['done', 'ground'],
  ['ink', 'kept-wash'],
  ['on-ink', 'ink'],
];

for (const [name, palette] of [
  ['by day', light],
  ['by night', dark],
] as [string, Palette][]) {
  test(`every text reads at 7:1 ${name}`, () => {
    for (const [text, ground] of PAIRS) {
      expect(contrast(palette[text]!, palette[ground]!), `${text} on ${ground}`).toBeGreaterThanOrEqual(7);
    }
  });
}

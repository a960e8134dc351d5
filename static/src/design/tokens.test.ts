// Holds the palette to its word: dark stands twice and equal, and every text colour reads on every ground it stands on.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync('src/design/tokens.css', 'utf8');

type Palette = Record<string, string>;

function palette(selector: string): Palette {
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

const light = palette(':root {');
const dark = palette(":root[data-theme='dark']");
const system = palette(":root:not([data-theme='light'])");

test('the dark palette of the system preference equals the chosen one', () => {
  expect(system).toEqual(dark);
  expect(Object.keys(dark).sort()).toEqual(Object.keys(light).sort());
});

const grounds = ['ground', 'surface', 'raised', 'hover', 'shift', 'off'];
const states = ['kept', 'soon', 'at-risk', 'broken', 'moving', 'done'];

for (const [name, p] of [
  ['light', light],
  ['dark', dark],
] as const) {
  test(`${name}: ink, soft ink, accent and the six of the promise read on every ground`, () => {
    for (const text of ['ink', 'ink-soft', 'accent', ...states]) {
      for (const ground of grounds) {
        expect(contrast(p[text]!, p[ground]!), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  test(`${name}: each state and the inks read on each wash`, () => {
    for (const state of states) {
      expect(contrast(p[state]!, p[`${state}-wash`]!), state).toBeGreaterThanOrEqual(4.5);
      expect(contrast(p['ink']!, p[`${state}-wash`]!), `ink on ${state}-wash`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(p['ink-soft']!, p[`${state}-wash`]!), `soft on ${state}-wash`).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(p['on-ink']!, p['ink']!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(p['on-ink-warning']!, p['ink']!)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(p['accent']!, p['accent-wash']!)).toBeGreaterThanOrEqual(4.5);
  });
}

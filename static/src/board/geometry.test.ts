import { expect, test } from 'vitest';
import {
  across,
  clampStart,
  fit,
  instantAt,
  lengthOf,
  overlaps,
  rowAt,
  shifted,
  shownHours,
  snap,
  ticks,
  widthOf,
  xOf,
  type Scale,
} from './geometry';

const midnight = Date.parse('2026-11-23T05:00:00Z');
const at = (h: number, m = 0, day = 0): number => midnight + ((day * 24 + h) * 60 + m) * 60_000;
const days = (count: number, width: number, min = 52, zoom = 1): Scale =>
  fit(
    Array.from({ length: count }, (_, d) => ({ date: `2026-11-${23 + d}`, from: at(7, 0, d), to: at(19, 0, d) })),
    width,
    min,
    zoom,
  );
const scale = days(1, 720);

test('pixels and instants are each other’s way back', () => {
  expect(widthOf(scale)).toBe(720);
  expect(xOf(at(10), scale)).toBe(180);
  expect(instantAt(180, scale)).toBe(at(10));
  expect(lengthOf(90, scale)).toBe(90);
});

test('several days stand side by side without their nights', () => {
  const three = days(3, 2160);
  expect(widthOf(three)).toBe(2160);
  expect(xOf(at(7, 0, 1), three)).toBe(720);
  expect(xOf(at(10, 0, 2), three)).toBe(1620);
  expect(instantAt(1620, three)).toBe(at(10, 0, 2));
  expect(instantAt(719, three)).toBe(at(18, 59));
  // What happens at night stands on the border of the two days.
  expect(xOf(at(23), three)).toBe(720);
  expect(xOf(at(3, 0, 1), three)).toBe(720);
  // Before the first and after the last hour nothing is bent.
  expect(xOf(at(6), three)).toBe(-60);
  expect(xOf(at(20, 0, 2), three)).toBe(2220);
});

test('what lies over several days is drawn as far as they are shown', () => {
  const three = days(3, 2160);
  const place = (from: number, to: number, on: Scale): [string, string] => {
    const { transform, width } = across(from, to, on);
    return [transform, width];
  };
  // From Monday at ten to Wednesday at noon.
  expect(place(at(10), at(12, 0, 2), three)).toEqual(['translateX(180px)', '1560px']);
  expect(place(at(10), at(12, 0, 2), scale)).toEqual(['translateX(180px)', '540px']);
  expect(place(at(10, 0, -1), at(12), three)).toEqual(['translateX(0px)', '300px']);
  expect(place(at(10, 0, -1), at(12, 0, 4), three)).toEqual(['translateX(0px)', '2160px']);
  const span = (from: number, to: number): { start: string; end: string } => ({
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
  });
  expect(overlaps(span(at(10, 0, -1), at(6)), scale)).toBe(false);
  expect(overlaps(span(at(10, 0, -1), at(8)), scale)).toBe(true);
});

test('a drop lands on the nearest five minutes and inside its day', () => {
  expect(snap(at(10, 7), scale)).toBe(at(10, 5));
  expect(snap(at(10, 8), scale)).toBe(at(10, 10));
  expect(clampStart(at(18, 45), 60, scale)).toBe(at(18));
  expect(clampStart(at(5), 60, scale)).toBe(at(7));
  const three = days(3, 2160);
  expect(clampStart(at(18, 45, 1), 60, three)).toBe(at(18, 0, 1));
  expect(clampStart(at(6, 30, 1), 60, three)).toBe(at(7, 0, 1));
});

test('a step by key goes over the night, and stops at the ends', () => {
  const three = days(3, 2160);
  expect(shifted(at(10), 5, 60, three)).toBe(at(10, 5));
  expect(shifted(at(18), 30, 60, three)).toBe(at(7, 0, 1));
  expect(shifted(at(7, 0, 1), -5, 60, three)).toBe(at(18));
  expect(shifted(at(18, 0, 2), 30, 60, three)).toBe(at(18, 0, 2));
});

test('a narrow window scrolls rather than crowds, and zooming widens', () => {
  const narrow = days(1, 200);
  expect(narrow.pxPerMin * 60).toBe(52);
  expect(ticks(narrow)).toHaveLength(13);
  expect(widthOf(days(1, 720, 52, 2))).toBe(1440);
});

test('a week names every third hour, and each day’s first', () => {
  const week = days(7, 7 * 12 * 16, 16);
  const shown = ticks(week);
  expect(shown).toHaveLength(7 * 4);
  expect(shown.slice(0, 5)).toEqual([at(7), at(10), at(13), at(16), at(7, 0, 1)]);
});

test('rows are found by height, and nothing outside them', () => {
  expect(rowAt(0, 44, 46)).toBe(0);
  expect(rowAt(89, 44, 46)).toBe(2);
  expect(rowAt(-1, 44, 46)).toBe(-1);
  expect(rowAt(46 * 44, 44, 46)).toBe(-1);
});

test('the hours shown hold every shift of every day, in full hours', () => {
  const iso = (ms: number): string => new Date(ms).toISOString();
  expect(shownHours([], [midnight])).toEqual({ fromMin: 420, toMin: 1080 });
  const long = [{ start: iso(at(6, 30)), end: iso(at(20, 15)) }];
  expect(shownHours(long, [midnight])).toEqual({ fromMin: 360, toMin: 1260 });
  const tomorrow = [{ start: iso(at(5, 30, 1)), end: iso(at(13, 0, 1)) }];
  expect(shownHours(tomorrow, [midnight, at(0, 0, 1)])).toEqual({ fromMin: 300, toMin: 1080 });
  expect(shownHours(tomorrow, [midnight])).toEqual({ fromMin: 420, toMin: 1080 });
});

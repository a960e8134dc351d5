// Draws a technician: initials in a disc, a beak towards the heading, a ring that fades with the age of the fix. And a home
// base: the same initials in a small house.
import type { MapBase, MapTechnician } from './shapes';

export interface Palette {
  water: string;
  land: string;
  line: string;
  label: string;
  surface: string;
  ink: string;
  soft: string;
  accent: string;
  kept: string;
  soon: string;
  'at-risk': string;
  broken: string;
  moving: string;
  done: string;
  pool: string;
}

/** The colours of now, from the tokens. */
export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    water: token('map-water'),
    land: token('map-land'),
    line: token('map-line'),
    label: token('map-label'),
    surface: token('surface'),
    ink: token('ink'),
    soft: token('ink-soft'),
    accent: token('accent'),
    kept: token('kept'),
    soon: token('soon'),
    'at-risk': token('at-risk'),
    broken: token('broken'),
    moving: token('moving'),
    done: token('done'),
    pool: token('ink-soft'),
  };
}

/** Nearer than this, px, two badges would hide each other. */
export const MARKER_GAP = 22;

export const toneOf = (tone: MapTechnician['tone'], palette: Palette): string =>
  tone === 'moving' ? palette.moving : tone === 'here' ? palette.kept : palette.soft;

/** Half the side of the square a marker needs, px. */
export const MARKER_REACH = 22;

/** Draws at (x, y) of a context whose unit is a CSS pixel. */
export function drawTechnician(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  who: Pick<MapTechnician, 'initials' | 'heading' | 'fresh' | 'tone' | 'selected'>,
  palette: Palette,
): void {
  const radius = 11;
  const tone = toneOf(who.tone, palette);
  c.save();
  c.translate(x, y);
  if (who.selected) {
    c.beginPath();
    c.arc(0, 0, radius + 6, 0, Math.PI * 2);
    c.strokeStyle = palette.accent;
    c.lineWidth = 2.5;
    c.stroke();
  }
  if (who.heading !== null) {
    c.save();
    c.rotate((who.heading * Math.PI) / 180);
    c.beginPath();
    c.moveTo(-6, -radius + 1);
    c.lineTo(0, -radius - 7);
    c.lineTo(6, -radius + 1);
    c.closePath();
    c.fillStyle = tone;
    c.globalAlpha = 0.35 + 0.65 * who.fresh;
    c.fill();
    c.restore();
  }
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.fillStyle = palette.surface;
  c.fill();
  c.lineWidth = 2.25;
  c.strokeStyle = tone;
  c.globalAlpha = 0.25 + 0.75 * who.fresh;
  c.stroke();
  c.globalAlpha = 1;
  c.fillStyle = palette.ink;
  c.font = '600 9.5px "Inter Variable", system-ui, sans-serif';
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(who.initials, 0, 0.5);
  c.restore();
}

/** Draws a home base at (x, y): what is being moved stands out. */
export function drawBase(
  c: CanvasRenderingContext2D,
  x: number,
  y: number,
  base: Pick<MapBase, 'initials' | 'selected' | 'moving'>,
  palette: Palette,
): void {
  c.save();
  c.translate(x, y);
  c.beginPath();
  c.moveTo(-9, 10);
  c.lineTo(-9, -2);
  c.lineTo(0, -11);
  c.lineTo(9, -2);
  c.lineTo(9, 10);
  c.closePath();
  c.fillStyle = base.moving ? palette.accent : palette.surface;
  c.fill();
  c.lineJoin = 'round';
  c.lineWidth = base.selected || base.moving ? 2.25 : 1.5;
  c.strokeStyle = base.moving ? palette.surface : base.selected ? palette.accent : palette.soft;
  c.stroke();
  c.fillStyle = base.moving ? palette.surface : palette.ink;
  c.font = '600 8.5px "Inter Variable", system-ui, sans-serif';
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.fillText(base.initials, 0, 4);
  c.restore();
}

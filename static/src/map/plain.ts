// The map that needs nothing: a canvas, outlines, towns and our own data. For browsers without WebGL, and for the
// customer's page, where three hundred kilobytes of map engine would be rude.
import { drawBase, drawTechnician, MARKER_GAP, paletteOf, toneOf, type Palette } from './marker';
import { fitBox, project, unproject } from './project';
import {
  boxOf,
  crowdedOut,
  EMPTY_SCENE,
  NEAR_ZOOM,
  rankOf,
  type Hit,
  type MapOptions,
  type MapSurface,
  type Point,
  type Scene,
} from './shapes';
import { TOWNS } from './towns';

const ZOOM_RANGE: [number, number] = [3, 15];

export function plainMap(options: MapOptions): MapSurface {
  const canvas = document.createElement('canvas');
  canvas.className = 'plain-map';
  canvas.style.cssText = 'display:block;width:100%;height:100%;touch-action:none';
  canvas.setAttribute('aria-hidden', 'true');
  options.container.append(canvas);

  let centre = options.centre;
  let zoom = options.zoom;
  let scene: Scene = EMPTY_SCENE;
  let palette: Palette = paletteOf(options.container);
  let frame = 0;

  const size = (): [number, number] => [options.container.clientWidth || 300, options.container.clientHeight || 200];

  /** Position in the picture, px. */
  const place = (at: Point): Point => {
    const [w, h] = size();
    const [cx, cy] = project(centre, zoom);
    const [x, y] = project(at, zoom);
    return [x - cx + w / 2, y - cy + h / 2];
  };

  const trace = (c: CanvasRenderingContext2D, line: Point[]): void => {
    line.forEach((p, i) => {
      const [x, y] = place(p);
      if (i) c.lineTo(x, y);
      else c.moveTo(x, y);
    });
  };

  const fill = (c: CanvasRenderingContext2D, rings: Point[][], colour: string): void => {
    c.fillStyle = colour;
    c.beginPath();
    for (const ring of rings) trace(c, ring);
    c.fill('evenodd');
  };

  const stroke = (
    c: CanvasRenderingContext2D,
    lines: Point[][],
    colour: string,
    width: number,
    dash: number[] = [],
  ): void => {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.setLineDash(dash);
    c.lineJoin = 'round';
    c.lineCap = 'round';
    c.beginPath();
    for (const line of lines) trace(c, line);
    c.stroke();
    c.setLineDash([]);
  };

  function ground(c: CanvasRenderingContext2D, w: number, h: number): void {
    const { region, land, lakes, rivers, borders, world } = options.background;
    const inside = centre[0] > region[0] && centre[0] < region[2] && centre[1] > region[1] && centre[1] < region[3];
    c.fillStyle = palette.water;
    c.fillRect(0, 0, w, h);
    fill(c, inside ? land : world, palette.land);
    if (inside) {
      fill(c, lakes, palette.water);
      stroke(c, rivers, palette.water, 3);
      stroke(c, borders, palette.line, 1, [4, 3]);
    }
    c.font = '500 11px "Inter Variable", system-ui, sans-serif';
    c.textAlign = 'center';
    for (const town of TOWNS) {
      if (town.rank > 1 && zoom < 8) continue;
      const [x, y] = place(town.at);
      c.fillStyle = palette.line;
      c.beginPath();
      c.arc(x, y, 2, 0, Math.PI * 2);
      c.fill();
      c.fillStyle = palette.label;
      c.fillText(town.name, x, y - 7);
    }
  }

  function draw(): void {
    frame = 0;
    const [w, h] = size();
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
    }
    const c = canvas.getContext('2d');
    if (!c) return;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    ground(c, w, h);
    for (const one of scene.zones ?? []) {
      c.globalAlpha = 0.16;
      fill(c, one.rings, one.colour);
      c.globalAlpha = 0.9;
      stroke(c, one.rings, one.colour, 1.5, [6, 3]);
    }
    c.globalAlpha = 1;
    for (const route of scene.routes) {
      c.globalAlpha = route.selected ? 0.9 : 0.28;
      stroke(
        c,
        [route.points],
        route.selected ? palette.accent : palette.soft,
        route.selected ? 2 : 1,
        route.selected ? [1, 5] : [],
      );
    }
    c.globalAlpha = 1;
    for (const base of scene.bases) {
      const [x, y] = place(base.at);
      drawBase(c, x, y, base, palette);
    }
    for (const stop of scene.stops) {
      const [x, y] = place(stop.at);
      const radius = stop.selected ? 7 : stop.next ? 5 : 3.5;
      c.beginPath();
      c.arc(x, y, radius, 0, Math.PI * 2);
      c.fillStyle = stop.tone === 'pool' ? palette.surface : palette[stop.tone];
      c.fill();
      c.lineWidth = 1.5;
      c.strokeStyle = stop.selected ? palette.accent : stop.tone === 'pool' ? palette.pool : palette.surface;
      c.stroke();
    }
    technicians(c);
    for (const chosen of scene.stops.filter((stop) => stop.selected)) {
      const [x, y] = place(chosen.at);
      c.beginPath();
      c.arc(x, y, 14, 0, Math.PI * 2);
      c.lineWidth = 3;
      c.strokeStyle = palette.accent;
      c.stroke();
    }
  }

  /** Badges, and dots for those whom a badge would hide. */
  function technicians(c: CanvasRenderingContext2D): void {
    const placed = scene.technicians.map((who) => {
      const [x, y] = place(who.at);
      return { who, id: who.id, x, y, rank: rankOf(who) };
    });
    const dots = crowdedOut(placed, MARKER_GAP);
    for (const { who, x, y } of placed.filter((one) => dots.has(one.id))) {
      c.beginPath();
      c.arc(x, y, 4, 0, Math.PI * 2);
      c.fillStyle = toneOf(who.tone, palette);
      c.fill();
      c.lineWidth = 1.5;
      c.strokeStyle = palette.surface;
      c.stroke();
    }
    for (const { who, x, y } of placed) if (!dots.has(who.id)) drawTechnician(c, x, y, who, palette);
  }

  const spot = (x: number, y: number): Point => {
    const [w, h] = size();
    const [cx, cy] = project(centre, zoom);
    return unproject([cx + x - w / 2, cy + y - h / 2], zoom);
  };

  const redraw = (): void => {
    options.onMoved?.();
    if (!frame) frame = requestAnimationFrame(draw);
  };

  const zoomBy = (step: number, x: number, y: number): void => {
    const [w, h] = size();
    const offset: Point = [x - w / 2, y - h / 2];
    const [cx, cy] = project(centre, zoom);
    const held = unproject([cx + offset[0], cy + offset[1]], zoom);
    zoom = Math.max(ZOOM_RANGE[0], Math.min(ZOOM_RANGE[1], zoom + step));
    const [hx, hy] = project(held, zoom);
    centre = unproject([hx - offset[0], hy - offset[1]], zoom);
    redraw();
  };

  const hitAt = (x: number, y: number): Hit => {
    const near = (at: Point): number => {
      const [px, py] = place(at);
      return Math.hypot(px - x, py - y);
    };
    const who = scene.technicians.find((one) => near(one.at) < 16);
    const stop = scene.stops.find((one) => near(one.at) < 10);
    if (who) return { technician: who.id };
    if (stop) return { stop: stop.id };
    const base = scene.bases.findLast((one) => near(one.at) < 12);
    return base ? { base: base.id } : {};
  };
  const pick = (x: number, y: number): void => {
    options.onPoint?.(spot(x, y));
    options.onPick(hitAt(x, y));
  };
  const menu = (e: MouseEvent): void => {
    if (!options.onMenu) return;
    e.preventDefault();
    options.onMenu(hitAt(e.offsetX, e.offsetY), { x: e.clientX, y: e.clientY });
  };

  const wheel = (e: WheelEvent): void => {
    e.preventDefault();
    zoomBy(-e.deltaY / 300, e.offsetX, e.offsetY);
  };
  const down = (e: PointerEvent): void => {
    if (e.button !== 0) return;
    const start: Point = [e.clientX, e.clientY];
    const from = project(centre, zoom);
    let moved = false;
    const move = (m: PointerEvent): void => {
      const [dx, dy] = [m.clientX - start[0], m.clientY - start[1]];
      moved ||= Math.hypot(dx, dy) > 4;
      centre = unproject([from[0] - dx, from[1] - dy], zoom);
      redraw();
    };
    const end = (): void => {
      canvas.removeEventListener('pointermove', move);
      if (!moved) pick(e.offsetX, e.offsetY);
    };
    canvas.setPointerCapture(e.pointerId);
    canvas.addEventListener('pointermove', move);
    canvas.addEventListener('pointerup', end, { once: true });
    canvas.addEventListener('pointercancel', () => canvas.removeEventListener('pointermove', move), { once: true });
  };
  const { onHover } = options;
  if (onHover) {
    canvas.addEventListener('pointermove', (e) => onHover(spot(e.offsetX, e.offsetY)));
    canvas.addEventListener('pointerleave', () => onHover(null));
  }
  canvas.addEventListener('wheel', wheel, { passive: false });
  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('contextmenu', menu);
  redraw();

  return {
    draw: (next) => {
      scene = next;
      redraw();
    },
    fit: (points) => {
      const box = boxOf(points);
      if (!box) return;
      ({ centre, zoom } = fitBox(box, ...size()));
      redraw();
    },
    centre: (at) => {
      centre = at;
      zoom = Math.max(zoom, NEAR_ZOOM);
      redraw();
    },
    place: (at) => place(at),
    spot,
    recolour: () => {
      palette = paletteOf(options.container);
      redraw();
    },
    resize: redraw,
    destroy: () => {
      cancelAnimationFrame(frame);
      canvas.remove();
    },
  };
}

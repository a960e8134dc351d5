// A small map that is drawn or pointed on: it stands as long as its component, on whatever ground the house has, and follows its
// size and the theme. What lies on it, and what a click means, is its component's own. No domain word here.
import { onBeforeUnmount, onMounted, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { house } from '../house';
import { dark } from '../ui/theme';
import { EMPTY_SCENE, type MapSurface, type Point, type Scene } from './shapes';

/** What a component brings to its map. */
export interface SmallMap {
  /** What it looks at first; the house's own place where there is none. */
  centre?: () => Point | null;
  zoom: number;
  /** What lies on the ground. */
  scene: () => Partial<Scene>;
  onPoint: (at: Point) => void;
  /** Something stands elsewhere on the screen than before. */
  onMoved?: () => void;
  /** It was drawn for the first time. */
  onReady?: () => void;
}

/** Where a house without a place is looked for. */
const SOMEWHERE: Point = [-73.58, 45.05];

/** Keeps a map in `container`; `draw` draws its scene anew. */
export function useSmallMap(
  container: Readonly<Ref<HTMLElement | null>>,
  own: SmallMap,
): { surface: Readonly<ShallowRef<MapSurface | null>>; draw: () => void } {
  const surface = shallowRef<MapSurface | null>(null);
  let gone = false;
  let observer: ResizeObserver | null = null;
  const draw = (): void => surface.value?.draw({ ...EMPTY_SCENE, ...own.scene() });
  watch(dark, () => setTimeout(() => surface.value?.recolour(), 0));

  onMounted(async () => {
    const { default: background } = await import('virtual:background');
    const style = house.value?.map_style_url ?? null;
    // Without streets the light map says as much as the heavy one.
    const make = style ? (await import('./gl')).glMap : (await import('./plain')).plainMap;
    const el = container.value;
    if (gone || !el) return;
    const hq = house.value?.headquarters;
    surface.value = make({
      container: el,
      centre: own.centre?.() ?? (hq ? [hq.lon, hq.lat] : SOMEWHERE),
      zoom: own.zoom,
      background,
      styleUrl: style,
      onPick: () => undefined,
      onPoint: own.onPoint,
      ...(own.onMoved ? { onMoved: own.onMoved } : {}),
    });
    draw();
    own.onReady?.();
    observer = new ResizeObserver(() => {
      surface.value?.resize();
      own.onMoved?.();
    });
    observer.observe(el);
  });
  onBeforeUnmount(() => {
    gone = true;
    observer?.disconnect();
    surface.value?.destroy();
  });
  return { surface, draw };
}

const STEPS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** px that an arrow moves what has the focus; with Shift it is finer. */
const STEP = 8;

/** How far a key moves what has the focus, px to the right and down; null for any other key. */
export function stepOf(event: KeyboardEvent): Point | null {
  const step = STEPS[event.key];
  const by = event.shiftKey ? 1 : STEP;
  return step ? [step[0] * by, step[1] * by] : null;
}

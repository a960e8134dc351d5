// A frame that is drawn over the map with Shift held, before the map below hears of the press. Knows pixels, no visits.
import { onBeforeUnmount, onMounted, shallowRef, type Ref, type ShallowRef } from 'vue';

/** A box in the picture, px. */
export interface Frame {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A press that wanders less than this is a click, which takes what lies under it, px. */
const THRESHOLD_PX = 4;
const REACH_PX = 10;

export const within = ({ left, top, right, bottom }: Frame, [x, y]: readonly [number, number]): boolean =>
  x >= left && x <= right && y >= top && y <= bottom;

export const frameOf = (ax: number, ay: number, bx: number, by: number): Frame => ({
  left: Math.min(ax, bx),
  top: Math.min(ay, by),
  right: Math.max(ax, bx),
  bottom: Math.max(ay, by),
});

/** `taken` is told the frame when it is let go, and whether it adds to what is selected. */
export function useMarquee(
  picture: Ref<HTMLElement | null>,
  taken: (frame: Frame, more: boolean) => void,
): ShallowRef<Frame | null> {
  const frame = shallowRef<Frame | null>(null);
  let end: (() => void) | null = null;

  function begin(event: PointerEvent): void {
    const el = picture.value;
    if (!el || event.button !== 0 || !event.shiftKey || event.pointerType === 'touch') return;
    hush(event);
    const box = el.getBoundingClientRect();
    const at = (e: MouseEvent): [number, number] => [
      Math.max(0, Math.min(box.width, e.clientX - box.left)),
      Math.max(0, Math.min(box.height, e.clientY - box.top)),
    ];
    const [startX, startY] = at(event);
    const move = (e: PointerEvent): void => {
      const [x, y] = at(e);
      if (frame.value || Math.hypot(x - startX, y - startY) >= THRESHOLD_PX)
        frame.value = frameOf(startX, startY, x, y);
    };
    const up = (e: PointerEvent): void => {
      const drawn = frame.value;
      end?.();
      if (drawn) return taken(drawn, e.ctrlKey || e.metaKey);
      taken(frameOf(startX - REACH_PX, startY - REACH_PX, startX + REACH_PX, startY + REACH_PX), true);
    };
    const key = (e: KeyboardEvent): void => {
      if (e.key !== 'Escape') return;
      e.stopPropagation();
      end?.();
    };
    end = () => {
      frame.value = null;
      end = null;
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('keydown', key, true);
      // The click that ends the press comes right behind it.
      setTimeout(() => el.removeEventListener('click', hush, true), 0);
    };
    el.addEventListener('click', hush, true);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('keydown', key, true);
  }
  /** The map must not take it for a drag or a click of its own. */
  function hush(event: Event): void {
    event.stopPropagation();
    event.preventDefault();
  }
  const press = (event: MouseEvent): void => {
    if (event.button === 0 && event.shiftKey) hush(event);
  };

  onMounted(() => {
    picture.value?.addEventListener('pointerdown', begin, true);
    picture.value?.addEventListener('mousedown', press, true);
  });
  onBeforeUnmount(() => {
    end?.();
    picture.value?.removeEventListener('pointerdown', begin, true);
    picture.value?.removeEventListener('mousedown', press, true);
  });
  return frame;
}

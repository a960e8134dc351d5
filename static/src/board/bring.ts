// Bringing a part of a scroller into view by moving that scroller alone: the browser's own ways move the page as well.

/** What covers the scroller's edges, px. */
interface Covered {
  top: number;
  left: number;
}

/** Air left beside a part that was brought in from the side, px. */
const AIR_PX = 16;
/** Of a part at the right edge so much must be seen. */
const SEEN_PX = 40;

/** Scrolls `scroller` until the part can be seen, to its middle; not at all when it can be. */
export function intoView(scroller: HTMLElement | null, part: HTMLElement | null | undefined, covered: Covered): void {
  if (!scroller || !part) return;
  const [box, seen] = [part.getBoundingClientRect(), scroller.getBoundingClientRect()];
  const top = seen.top + covered.top;
  if (box.top < top || box.bottom > seen.bottom) {
    scroller.scrollTop += (box.top + box.bottom) / 2 - (top + seen.bottom) / 2;
  }
  const left = seen.left + covered.left;
  if (box.left < left) scroller.scrollLeft += box.left - left - AIR_PX;
  else if (box.left > seen.right - SEEN_PX) scroller.scrollLeft += box.left - seen.right + SEEN_PX;
}

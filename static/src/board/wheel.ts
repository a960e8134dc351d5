// Ctrl and the wheel zoom; the instant under the pointer stays under it.
import { nextTick, type Ref } from 'vue';
import { instantAt, xOf, type Scale } from './geometry';
import { zoomBy } from './span';

export const wheelZoom =
  (scroller: Readonly<Ref<HTMLElement | null>>, nameWidth: Readonly<Ref<number>>, scale: Readonly<Ref<Scale>>) =>
  (event: WheelEvent): void => {
    const el = scroller.value;
    if (!el || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const aside = event.clientX - el.getBoundingClientRect().left - nameWidth.value;
    const under = instantAt(el.scrollLeft + aside, scale.value);
    zoomBy(Math.exp(-event.deltaY / 400));
    void nextTick(() => (el.scrollLeft = xOf(under, scale.value) - aside));
  };

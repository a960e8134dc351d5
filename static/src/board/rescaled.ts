// What stands on the timeline when its scale becomes another one, by another span, zoom or width, stands in its new place at
// once: a bar that glided there would be missed by the click that follows. Only a visit that moves may be seen to move.
import { onScopeDispose, watch, type Ref } from 'vue';
import type { Scale } from './geometry';

/** Marks the timeline with `data-rescaled` from before anything of it takes its new place until that has been drawn. */
export function withoutGliding(timeline: Readonly<Ref<HTMLElement | null>>, scale: Readonly<Ref<Scale>>): void {
  let frame = 0;
  // A board that changes has its scale worked out anew, mostly to the same one.
  watch(
    () => `${scale.value.pxPerMin} ${scale.value.from} ${scale.value.parts.length}`,
    () => {
      // By hand: a class of the template is set after the bars, and a bar that goes with the focus has styles worked out between.
      timeline.value?.setAttribute('data-rescaled', '');
      cancelAnimationFrame(frame);
      // The first frame is the one that draws it: its styles are worked out after this is called.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(() => timeline.value?.removeAttribute('data-rescaled'));
      });
    },
  );
  onScopeDispose(() => cancelAnimationFrame(frame));
}

// Double clicks of people who learned that everything wants two. The second click must neither hit what the first one brought
// under the pointer nor do twice what a page's main button does. No domain word here.

/** What a press is meant for. */
const meant = (at: EventTarget | null): Element | null =>
  at instanceof Element
    ? at.closest('button, a, input, select, label, [role=button], [role=menuitem], [tabindex]')
    : null;

/** Listens on `root` for good. */
export function steady(root: Document): void {
  let first: Element | null = null;
  const guard = (event: MouseEvent): void => {
    const at = meant(event.target);
    if (event.detail < 2) {
      if (event.type === 'click') first = at;
      return;
    }
    const again = at !== null && at === first && !at.matches('button.primary, [data-once]');
    if (again || (at === null && first === null)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  for (const kind of ['mousedown', 'click'] as const) root.addEventListener(kind, guard, { capture: true });
}

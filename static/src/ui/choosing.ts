// A list whose choice acts at once, by pointer and by keys. Keys go through a closed list one by one, and each step is a change:
// what they stop at is taken with Enter, or by going on to something else; Escape lets go of it. No domain word here.

/** Back to the first choice, which is none, before the list loses the focus with whatever Escape closes. */
function letGo(list: HTMLSelectElement): void {
  list.selectedIndex = 0;
  list.dispatchEvent(new Event('change'));
}

/** Listeners of such a list, whose first choice is none; `run` takes what it shows, and does nothing where it shows nothing. */
export function onceChosen(run: () => unknown): Record<string, (event: Event) => void> {
  let byKeys = false;
  const take = (): void => {
    byKeys = false;
    void run();
  };
  return {
    pointerdown: () => (byKeys = false),
    keydown: (event) => {
      byKeys = true;
      const { key } = event as KeyboardEvent;
      if (key === 'Escape') letGo(event.target as HTMLSelectElement);
      if (key !== 'Enter') return;
      event.preventDefault();
      take();
    },
    change: () => byKeys || take(),
    blur: take,
  };
}

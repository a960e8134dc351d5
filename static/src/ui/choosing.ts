// A list whose choice acts at once, by pointer and by keys. Keys go through a closed list one by one, and each step is a change:
// what they stop at is taken with Enter, or by going on to something else. No domain word here.

/** Listeners of such a list; `run` takes what it shows, and does nothing where it shows nothing. */
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
      if ((event as KeyboardEvent).key !== 'Enter') return;
      event.preventDefault();
      take();
    },
    change: () => byKeys || take(),
    blur: take,
  };
}

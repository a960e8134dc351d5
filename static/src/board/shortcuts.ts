// The board's keys that work wherever nobody is typing; what a key does to a visit with the focus is the timeline's own matter
// (grid.ts). One table: it is what runs, and what the list of shortcuts shows.

export interface Shortcut {
  /** As `KeyboardEvent.key`, in lower case; `mod+` stands for Ctrl or Command. */
  keys: readonly string[];
  /** As shown; where it differs from the keys. */
  shown?: string;
  /** Key of its words. */
  label: string;
  run?: (event: KeyboardEvent) => void;
  /** Only while nothing has the focus. */
  idle?: boolean;
}

/** What somebody types into. */
const TYPED = 'input, select, textarea, dialog, [contenteditable]';

export function isTyping(event: KeyboardEvent): boolean {
  return !!(event.target as HTMLElement | null)?.closest?.(TYPED);
}

const spelled = (event: KeyboardEvent): string => {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  const shift = event.shiftKey && mod ? 'shift+' : '';
  return `${mod}${shift}${event.key.toLowerCase()}`;
};

/** Runs what the key stands for; tells whether something did. */
export function runShortcut(event: KeyboardEvent, table: readonly Shortcut[]): boolean {
  if (event.altKey || isTyping(event)) return false;
  const pressed = spelled(event);
  const idle = document.activeElement === document.body || document.activeElement === null;
  const found = table.find((one) => one.run && one.keys.includes(pressed) && (!one.idle || idle));
  if (!found?.run) return false;
  found.run(event);
  event.preventDefault();
  return true;
}

/** The parts of the board that F6 goes round. */
export const REGIONS = ['.top', '[data-pool]', '.timeline', '.right', '.strip'] as const;

const REACHED = '[tabindex="0"], button:not([tabindex="-1"]):not([disabled]), a[href], input';

/** Gives the focus to the next part of the board, or the one before. */
export function nextRegion(step: 1 | -1): void {
  const parts = REGIONS.map((one) => document.querySelector<HTMLElement>(one)).filter(
    (part): part is HTMLElement => !!part && part.offsetParent !== null,
  );
  const here = parts.findIndex((part) => part.contains(document.activeElement));
  for (let i = 1; i <= parts.length; i += 1) {
    const at = here < 0 && step < 0 ? parts.length - i : (here + step * i + parts.length * 2) % parts.length;
    for (const target of parts[at]?.querySelectorAll<HTMLElement>(REACHED) ?? []) {
      target.focus();
      // What is hidden does not take it.
      if (document.activeElement === target) return;
    }
  }
}

// Light or dark: the system's preference until the person chooses; then theirs, kept in this browser.
import { ref } from 'vue';

const KEY = 'tournee.theme';

const system = window.matchMedia('(prefers-color-scheme: dark)');

function stored(): 'light' | 'dark' | null {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : null;
}

export const dark = ref(stored() ? stored() === 'dark' : system.matches);

export function applyTheme(): void {
  const choice = stored();
  if (choice) document.documentElement.dataset['theme'] = choice;
  dark.value = choice ? choice === 'dark' : system.matches;
}

system.addEventListener('change', applyTheme);

export function switchTheme(): void {
  localStorage.setItem(KEY, dark.value ? 'light' : 'dark');
  applyTheme();
}

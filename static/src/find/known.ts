// Every command the palette knows, in the language shown.
import { isBoard } from '../board/address';
import { board, today } from '../board/store';
import { presets } from '../board/presets';
import { allowed } from '../board/tools';
import { api } from '../api/client';
import { go, person, route } from '../house';
import { choice, choose, CHOICES } from '../materials/rows';
import { switchTheme } from '../ui/theme';
import { language, speak, t, words } from '../words';
import { addDays } from '../words/zone';
import type { Command } from './commands';
import { ask, mayWrite, newJob } from './desk';

async function leave(): Promise<void> {
  await api.logout().catch(() => undefined);
  person.value = null;
  go('/');
}

const te = (key: string): boolean => words.global.te(key);

/** The title that stands beside a label's words, where there is one: what an act opens is found by its name. */
export function titleOf(label: string): string {
  const title = label.replace(/\w+$/, 'title');
  return te(title) ? t(title) : '';
}

export function everyCommand(): Command[] {
  const day = board.value.date || today();
  const all: (Command | false)[] = [
    mayWrite.value && { id: 'new', words: t('find.do.newJob'), key: 'C', run: () => (newJob.value = {}) },
    !isBoard(route.value) && { id: 'board', words: t('find.do.board'), run: () => go('/') },
    { id: 'today', words: t('find.do.today'), key: 'T', run: () => ask({ show: 'day', day: today() }) },
    { id: 'next', words: t('find.do.next'), run: () => ask({ show: 'day', day: addDays(day, 1) }) },
    { id: 'previous', words: t('find.do.previous'), run: () => ask({ show: 'day', day: addDays(day, -1) }) },
    ...allowed().map((tool): Command => ({
      id: tool.id,
      words: te(`find.do.${tool.id}`) ? t(`find.do.${tool.id}`) : t(tool.label),
      also: titleOf(tool.label),
      ...(tool.key ? { key: tool.key } : {}),
      run: () => ask({ show: 'tool', id: tool.id }),
    })),
    ...(Object.keys(board.value.materials).length ? CHOICES : [])
      .filter((one) => one !== choice.value)
      .map((one): Command => ({
        id: `rows-${one}`,
        words: `${t('materials.rows.label')} · ${t(`materials.rows.${one}`)}`,
        run: () => {
          choose(one);
          if (!isBoard(route.value)) go('/');
        },
      })),
    ...presets.value.map((one): Command => ({
      id: one.id,
      words: t(`presets.do.${one.kind}`, { name: one.name }),
      run: () => ask({ show: 'preset', id: one.id }),
    })),
    { id: 'customers', words: t('find.do.customers'), run: () => go('/customers') },
    { id: 'calendar', words: t('calendar.do'), run: () => go('/calendar') },
    { id: 'team', words: t('find.do.team'), run: () => go('/team') },
    { id: 'outbox', words: t('find.do.outbox'), run: () => go('/outbox') },
    { id: 'theme', words: t('find.do.theme'), run: () => switchTheme() },
    { id: 'language', words: t('find.do.language'), run: () => void speak(language() === 'fr' ? 'en' : 'fr') },
    { id: 'leave', words: t('find.do.leave'), run: () => void leave() },
  ];
  return all.filter((one): one is Command => one !== false);
}

import { afterEach, expect, test, vi } from 'vitest';
import { person } from '../house';
import type { Person } from '../api/types';
import { allowed, closeTool, lendTools, openedTool, openTool, panelOf, TOOLS, type BoardTool } from './tools';

const Panel = { template: '<p>here</p>' };
const tools: BoardTool[] = [
  {
    id: 'look',
    label: 'top.board',
    icon: Panel,
    group: 'plan',
    may: () => true,
    panel: async () => ({ default: Panel }),
  },
  {
    id: 'never',
    label: 'top.board',
    icon: Panel,
    group: 'plan',
    may: () => false,
    panel: async () => ({ default: Panel }),
  },
  { id: 'auto', label: 'top.board', icon: Panel, group: 'plan', may: () => true, run: 'auto' },
];

afterEach(() => {
  lendTools(null);
  person.value = null;
});

test('a tool with a panel stands in the right column until it is closed', () => {
  expect(openTool('look', { jobId: 'j1' }, tools)).toBe(true);
  expect(openedTool.value?.tool.id).toBe('look');
  expect(openedTool.value?.given).toEqual({ jobId: 'j1' });
  closeTool();
  expect(openedTool.value).toBeNull();
});

test('a panel is fetched once, however often it is opened', () => {
  const [look] = tools;
  expect(panelOf(look as BoardTool)).toBe(panelOf(look as BoardTool));
});

test('what is forbidden or unknown opens nothing', () => {
  expect(openTool('never', {}, tools)).toBe(false);
  expect(openTool('nobody', {}, tools)).toBe(false);
  expect(openedTool.value).toBeNull();
  expect(allowed(tools).map((tool) => tool.id)).toEqual(['look', 'auto']);
});

test('a tool of the view runs only while the view lends it', () => {
  const auto = vi.fn();
  expect(openTool('auto', {}, tools)).toBe(false);
  const other = vi.fn();
  lendTools({ plan: other, auto, density: other, day: other, three: other, week: other, shortcuts: other });
  expect(openTool('auto', {}, tools)).toBe(true);
  expect(auto).toHaveBeenCalledOnce();
});

test('who only looks is not offered to plan', () => {
  person.value = { id: 'p', name: 'Lise', role: 'viewer' } as unknown as Person;
  expect(allowed().map((tool) => tool.id)).not.toContain('plan');
  person.value = { id: 'p', name: 'Lise', role: 'dispatcher' } as unknown as Person;
  expect(allowed().map((tool) => tool.id)).toContain('plan');
  expect(new Set(TOOLS.map((tool) => tool.id)).size).toBe(TOOLS.length);
});

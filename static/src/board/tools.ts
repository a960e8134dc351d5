// The board's tools: what is done with the whole board and not with one visit. Each has its line in the "more" menu of the
// top bar and in the palette; one with a panel opens in the right column, one at a time. It draws nothing itself.
import { computed, shallowRef, type Component } from 'vue';
import {
  BadgeCheck,
  BellOff,
  Bookmark,
  CalendarClock,
  CalendarDays,
  CalendarOff,
  FilePenLine,
  FlaskConical,
  History,
  Keyboard,
  ListChecks,
  Map as MapIcon,
  Megaphone,
  PanelRight,
  Rows3,
  Scale,
  Route,
  Shapes,
  Siren,
  Smartphone,
  Timer,
  Wand2,
} from '@lucide/vue';
import { mayDispatch } from '../find/may';
import { go } from '../house';
import { open as openWindow, type Part } from '../windows/link';
import { lazily } from '../ui/lazily';

/** What a panel is opened with; becomes its props. */
export type Given = Readonly<Record<string, unknown>>;

export interface BoardTool {
  id: string;
  /** Key of its words. */
  label: string;
  icon: Component;
  /** Tools of a group stand together in the menu. */
  group: 'plan' | 'people' | 'view';
  /** The key that does the same on the board, as shown. */
  key?: string;
  /** Stands in the top bar itself where that is wide; the menu has it on a phone. */
  inBar?: boolean;
  /** False hides it from the person who is here. */
  may: () => boolean;
  /**
   * The panel of the right column, fetched when first opened. It gets what `openTool` was given as props, and may emit
   * `close`, `reveal` (the id of a job to bring into view) and `assign` (the id of a job to find a technician for).
   */
  panel?: () => Promise<{ default: Component }>;
  /** Its panel works on the job that is picked: a phone shows it, and not the job's record over it. */
  takesJob?: boolean;
  /** What a tool without a panel does; the board's view lends these. */
  run?: keyof OwnTools;
  /** The page that it is, where it is one of its own. */
  page?: string;
  /** The part of the board that it puts into a window of its own. */
  window?: Part;
}

/** What the board's view itself can do. */
export interface OwnTools {
  plan: () => void;
  auto: () => void;
  density: () => void;
  /** Shows so many days. */
  day: () => void;
  three: () => void;
  week: () => void;
  /** The keys, in words. */
  shortcuts: () => void;
}

const dispatch = (): boolean => mayDispatch.value;

/** A tool that everybody may use unless it says otherwise. */
export function tool(one: Omit<BoardTool, 'may'> & Partial<Pick<BoardTool, 'may'>>): BoardTool {
  return { may: () => true, ...one };
}

/** Every tool, in the order of the menu. A capability adds its line here and keeps the rest in its own folder. */
export const TOOLS: readonly BoardTool[] = [
  tool({
    id: 'plan',
    label: 'plan.open',
    icon: Route,
    group: 'plan',
    key: 'P',
    may: dispatch,
    run: 'plan',
    inBar: true,
  }),
  tool({ id: 'auto', label: 'top.autoAssign', icon: Wand2, group: 'plan', may: dispatch, run: 'auto' }),
  tool({
    id: 'urgent',
    label: 'urgent.title',
    icon: Siren,
    group: 'plan',
    may: dispatch,
    takesJob: true,
    panel: () => import('../urgent/Panel.vue'),
  }),
  tool({
    id: 'whatif',
    label: 'whatif.title',
    icon: FlaskConical,
    group: 'plan',
    may: dispatch,
    panel: () => import('../whatif/Panel.vue'),
  }),
  tool({
    id: 'drafts',
    label: 'drafts.title',
    icon: FilePenLine,
    group: 'plan',
    may: () => mayDispatch.value,
    panel: () => import('../drafts/Drafts.vue'),
  }),
  tool({
    id: 'history',
    label: 'undo.title',
    icon: History,
    group: 'plan',
    may: dispatch,
    panel: () => import('../undo/History.vue'),
  }),
  tool({
    id: 'kept',
    label: 'kept.title',
    icon: BadgeCheck,
    group: 'plan',
    panel: () => import('../ledger/Kept.vue'),
  }),
  tool({
    id: 'untold',
    label: 'untold.title',
    icon: BellOff,
    group: 'people',
    panel: () => import('./Untold.vue'),
  }),
  tool({
    id: 'fairness',
    label: 'fairness.title',
    icon: Scale,
    group: 'people',
    panel: () => import('../fairness/Panel.vue'),
  }),
  tool({
    id: 'absence',
    label: 'absences.act',
    icon: CalendarOff,
    group: 'people',
    may: dispatch,
    panel: () => import('../absences/Panel.vue'),
  }),
  tool({
    id: 'offers',
    label: 'offers.title',
    icon: Megaphone,
    group: 'people',
    takesJob: true,
    panel: () => import('../offers/Panel.vue'),
  }),
  tool({ id: 'day', label: 'board.spans.1', icon: CalendarDays, group: 'view', key: '1', run: 'day', inBar: true }),
  tool({ id: 'three', label: 'board.spans.3', icon: CalendarDays, group: 'view', key: '3', run: 'three', inBar: true }),
  tool({ id: 'week', label: 'board.spans.7', icon: CalendarDays, group: 'view', key: '7', run: 'week', inBar: true }),
  tool({
    id: 'past',
    label: 'past.open',
    icon: CalendarClock,
    group: 'view',
    panel: () => import('../past/Panel.vue'),
  }),
  tool({
    id: 'presets',
    label: 'presets.title',
    icon: Bookmark,
    group: 'view',
    key: 'V',
    panel: () => import('./PresetsPanel.vue'),
  }),
  tool({
    id: 'sla',
    label: 'sla.title',
    icon: Timer,
    group: 'plan',
    panel: () => import('../sla/Panel.vue'),
  }),
  tool({
    id: 'zones',
    label: 'zones.title',
    icon: Shapes,
    group: 'people',
    panel: () => import('../zones/Panel.vue'),
  }),
  tool({
    id: 'account',
    label: 'account.title',
    icon: Smartphone,
    group: 'people',
    may: dispatch,
    panel: () => import('../auth/Account.vue'),
  }),
  tool({ id: 'templates', label: 'templates.open', icon: ListChecks, group: 'plan', page: '/templates' }),
  tool({ id: 'map-window', label: 'windows.openMap', icon: MapIcon, group: 'view', window: 'map' }),
  tool({ id: 'record-window', label: 'windows.openRecord', icon: PanelRight, group: 'view', window: 'record' }),
  tool({ id: 'density', label: 'top.density', icon: Rows3, group: 'view', run: 'density' }),
  tool({ id: 'shortcuts', label: 'board.shortcuts', icon: Keyboard, group: 'view', key: '?', run: 'shortcuts' }),
];

/** The tools that the person who is here may use. */
export const allowed = (tools: readonly BoardTool[] = TOOLS): BoardTool[] => tools.filter((tool) => tool.may());

const opened = shallowRef<{ tool: BoardTool; given: Given } | null>(null);
/** The panel that stands in the right column, if any. */
export const openedTool = computed(() => opened.value);

const fetched = new Map<string, Component>();
/** The panel's component; the same one each time, so that it is fetched once. */
export function panelOf(tool: BoardTool): Component | null {
  if (!tool.panel) return null;
  const known = fetched.get(tool.id) ?? lazily(tool.panel);
  fetched.set(tool.id, known);
  return known;
}

let own: OwnTools | null = null;
/** The board's view says how its own tools are run; null when it leaves. */
export function lendTools(tools: OwnTools | null): void {
  own = tools;
  if (!tools) opened.value = null;
}

/** Opens a tool's panel, or runs it. Unknown and forbidden ones do nothing; tells whether something happened. */
export function openTool(id: string, given: Given = {}, tools: readonly BoardTool[] = TOOLS): boolean {
  const tool = tools.find((one) => one.id === id);
  if (!tool || !tool.may()) return false;
  if (tool.panel) opened.value = { tool, given };
  else if (tool.page) go(tool.page);
  else if (tool.window) openWindow(tool.window);
  else if (tool.run && own) own[tool.run]();
  else return false;
  return true;
}

export function closeTool(): void {
  opened.value = null;
}

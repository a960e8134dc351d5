// The pages beside the board: their words, their way, and which of them the address shows. One list for the top bar and the
// menu of a phone.
import type { Component } from 'vue';
import { CalendarDays, CalendarRange, Send, Users, UsersRound } from '@lucide/vue';
import { isBoard } from './address';

export interface PageLink {
  href: string;
  /** Key of its words. */
  label: string;
  icon: Component;
  /** Whether this route is of the page. */
  here: (route: string) => boolean;
}

export const pages: readonly PageLink[] = [
  { href: '#/', label: 'top.board', icon: CalendarRange, here: isBoard },
  { href: '#/calendar', label: 'calendar.nav', icon: CalendarDays, here: (route) => route.startsWith('/calendar') },
  { href: '#/team', label: 'team.nav', icon: UsersRound, here: (route) => /^\/(team|tags|materials)/.test(route) },
  { href: '#/customers', label: 'customers.nav', icon: Users, here: (route) => route.startsWith('/customers') },
  { href: '#/outbox', label: 'top.outbox', icon: Send, here: (route) => route.startsWith('/outbox') },
];

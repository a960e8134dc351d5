// Outside calendars of a technician, as they cross the wire. The address goes in and never comes back.
import { call } from './client';
import type { OutsideCalendar } from './types';

const id = encodeURIComponent;
const at = (who: string, calendar = ''): string => `/technicians/${id(who)}/calendars${calendar && `/${id(calendar)}`}`;

export const calendarsApi = {
  list: (who: string) => call<{ items: OutsideCalendar[] }>('GET', at(who)),
  follow: (who: string, url: string, name: string, show_titles: boolean) =>
    call<OutsideCalendar>('POST', at(who), { url, name: name.trim() || null, show_titles }),
  refresh: (who: string, calendar: string) => call<OutsideCalendar>('POST', `${at(who, calendar)}/refresh`, {}),
  unfollow: (who: string, calendar: string) => call<void>('DELETE', at(who, calendar)),
};

// A zone as it is typed and drawn, and the way from and to what the server keeps. Pure.
import type { Zone, ZoneFields } from '../api/zones';
import { closed, cornersOf } from './ground';

export interface ZoneDraft {
  name: string;
  colour: string;
  corners: [number, number][];
  from: string;
  until: string;
  tag: string;
  level: number;
  people: string[];
}

export const fresh = (colour: string): ZoneDraft => ({
  name: '',
  colour,
  corners: [],
  from: '',
  until: '',
  tag: '',
  level: 1,
  people: [],
});

export const draftOf = (zone: Zone): ZoneDraft => ({
  name: zone.name,
  colour: zone.color ?? '#5b7083',
  corners: cornersOf(zone),
  from: zone.valid_from ?? '',
  until: zone.valid_until ?? '',
  tag: zone.certification?.tag ?? '',
  level: zone.certification?.level ?? 1,
  people: [...zone.technician_ids],
});

/** What is sent. Holes of a ground that was drawn elsewhere stay. */
export const fieldsOf = (draft: ZoneDraft, before: Zone | null): ZoneFields => ({
  name: draft.name.trim(),
  color: draft.colour,
  polygon: {
    type: 'Polygon',
    coordinates: [closed(draft.corners), ...(before?.polygon.coordinates.slice(1) ?? [])],
  },
  valid_from: draft.from || null,
  valid_until: draft.until || null,
  certification: draft.tag ? { tag: draft.tag, level: draft.level } : null,
  technician_ids: draft.people,
});

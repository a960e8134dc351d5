// Zones as they cross the wire: ground that asks something of those who work there, and the visits it would refuse.
import { acting, call } from './client';
import type { Reasons } from './types';

/** GeoJSON's: closed rings of [lon, lat], the border first. */
export interface Polygon {
  type: 'Polygon';
  coordinates: [number, number][][];
}

export interface ZoneFields {
  name: string;
  color: string | null;
  polygon: Polygon;
  /** Local days, the last one included; null for always. */
  valid_from: string | null;
  valid_until: string | null;
  certification: { tag: string; level: number } | null;
  /** Empty for everybody. */
  technician_ids: string[];
}

export interface Zone extends ZoneFields {
  id: string;
  version: number;
}

/** Planned visits that a zone would refuse if they were planned now. */
export interface RefusedVisits {
  count: number;
  visits: {
    job_id: string;
    title: string;
    technician_id: string;
    technician_name: string;
    start: string;
    end: string;
    reasons: Reasons;
  }[];
}

const path = (id: string): string => `/zones/${encodeURIComponent(id)}`;

export const zonesApi = {
  all: () => call<{ items: Zone[] }>('GET', '/zones'),
  create: (zone: ZoneFields) => acting<Zone>('POST', '/zones', zone),
  change: (id: string, zone: Partial<ZoneFields>, version: number) =>
    acting<Zone>('PATCH', path(id), { ...zone, version }),
  remove: (id: string) => acting<void>('DELETE', path(id)),
  preview: (zone: ZoneFields) => call<RefusedVisits>('POST', '/zones/preview', zone),
};

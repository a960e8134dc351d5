// Materials as they cross the wire, and the calls about them.
import { acting, call } from '../api/client';
import type { Span } from '../api/types';

export interface Material {
  id: string;
  name: string;
  /** What it is, in a word of the company's. */
  kind: string | null;
  external_id: string | null;
  /** False while nobody can use it at all. */
  available: boolean;
  out_of_service: Span[];
  version: number;
}

export type MaterialFields = Partial<Pick<Material, 'name' | 'kind' | 'external_id' | 'available' | 'out_of_service'>>;

const path = (id: string): string => `/materials/${encodeURIComponent(id)}`;

export const materialsApi = {
  all: () => call<{ items: Material[] }>('GET', '/materials'),
  create: (fields: MaterialFields & { name: string }) => acting<Material>('POST', '/materials', fields),
  edit: (id: string, fields: MaterialFields, version: number) =>
    acting<Material>('PATCH', path(id), { ...fields, version }),
  remove: (id: string) => acting<void>('DELETE', path(id)),
};

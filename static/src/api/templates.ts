// Templates and the order of jobs, as they cross the wire.
import { acting, call } from './client';
import type { JobStatus, Priority, Skill } from './types';

export interface Both {
  fr: string;
  en: string;
}

export interface Step {
  key: string;
  title: Both;
  kind: string | null;
  duration_min: number;
  skills: Skill[];
  priority: Priority;
  /** Keys of other steps. */
  depends_on: string[];
  /** At least so long after the last of those. */
  offset_min: number;
}

export interface Template {
  id: string;
  code: string;
  name: Both;
  number: number;
  steps: Step[];
  version: number;
}

export type TemplateInput = Pick<Template, 'code' | 'name' | 'steps'>;

export interface Applied {
  jobs: { id: string; title: string }[];
}

/** What is shown of a job that another waits for. */
export interface Linked {
  job_id: string;
  title: string;
  customer_name: string;
  status: JobStatus;
  technician_id: string | null;
  start: string | null;
  end: string | null;
}

const id = encodeURIComponent;
const items = (answer: { items: Template[] }): Template[] => answer.items;

export const templates = {
  all: () => call<{ items: Template[] }>('GET', '/templates').then(items),
  starters: () => call<{ items: Template[] }>('POST', '/templates/starters', {}).then(items),
  create: (input: TemplateInput) => acting<Template>('POST', '/templates', input),
  edit: (which: string, input: TemplateInput, version: number) =>
    acting<Template>('PATCH', `/templates/${id(which)}`, { ...input, version }),
  remove: (which: string) => acting<void>('DELETE', `/templates/${id(which)}`),
  apply: (which: string, input: { customer_id: string; location_id: string; notes: string | null }) =>
    acting<Applied>('POST', `/templates/${id(which)}/apply`, input),
  links: (job: string) => call<{ needs: Linked[]; waiting: Linked[] }>('GET', `/jobs/${id(job)}/links`),
};

import { expect, test } from 'vitest';
import type { Template } from '../api/templates';
import { draftOf, freshStep, inputOf, wrongTemplate } from './draft';

const template: Template = {
  id: 'tpl_1',
  code: 'install',
  name: { fr: 'Pose', en: 'Install' },
  number: 2,
  version: 9,
  steps: [
    {
      key: 'a',
      title: { fr: 'Relevé', en: 'Survey' },
      kind: 'survey',
      duration_min: 45,
      skills: [
        { tag: 'Fibre', level: 2, required: true },
        { tag: 'Nacelle', level: 1, required: false },
      ],
      priority: 'high',
      depends_on: [],
      offset_min: 0,
    },
    {
      key: 'b',
      title: { fr: 'Pose', en: 'Install' },
      kind: null,
      duration_min: 60,
      skills: [],
      priority: 'normal',
      depends_on: ['a'],
      offset_min: 1440,
    },
  ],
};

test('a template comes back from its form as it was, what the form does not show included', () => {
  const { code, name, steps } = template;
  expect(inputOf(draftOf(template))).toEqual({ code, name, steps });
});

test('a step that is gone is waited for by nobody, and a new one has a name of its own', () => {
  const draft = draftOf(template);
  draft.steps.shift();
  expect(inputOf(draft).steps[0]?.depends_on).toEqual([]);
  expect(freshStep(['step_2', 'step_3']).key).toBe('step_4');
});

test('what is missing is named', () => {
  expect(wrongTemplate(draftOf(template))).toEqual([]);
  expect(wrongTemplate(draftOf(null))).toEqual(['code', 'name', 'step0']);
  const draft = draftOf(template);
  draft.steps[1]!.duration = '0';
  expect(wrongTemplate(draft)).toEqual(['step1']);
});

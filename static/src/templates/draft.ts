// A template as it stands in a form: text, and steps by their place. Pure.
import type { Step, Template, TemplateInput } from '../api/templates';

export interface StepDraft {
  key: string;
  fr: string;
  en: string;
  duration: string;
  tag: string;
  level: number;
  /** The rest of a step is not shown and stays as it is. */
  held: Step | null;
  dependsOn: string[];
  /** Hours. */
  offset: string;
}

export interface TemplateDraft {
  code: string;
  fr: string;
  en: string;
  steps: StepDraft[];
}

export function freshStep(taken: string[]): StepDraft {
  let n = taken.length + 1;
  while (taken.includes(`step_${n}`)) n += 1;
  return {
    key: `step_${n}`,
    fr: '',
    en: '',
    duration: '60',
    tag: '',
    level: 1,
    held: null,
    dependsOn: [],
    offset: '0',
  };
}

export function draftOf(template: Template | null): TemplateDraft {
  if (!template) return { code: '', fr: '', en: '', steps: [freshStep([])] };
  return {
    code: template.code,
    ...template.name,
    steps: template.steps.map((step) => ({
      key: step.key,
      ...step.title,
      duration: String(step.duration_min),
      tag: step.skills[0]?.tag ?? '',
      level: step.skills[0]?.level ?? 1,
      held: step,
      dependsOn: [...step.depends_on],
      offset: String(step.offset_min / 60),
    })),
  };
}

export function inputOf(draft: TemplateDraft): TemplateInput {
  const keys = draft.steps.map((step) => step.key);
  return {
    code: draft.code.trim(),
    name: { fr: draft.fr.trim(), en: draft.en.trim() },
    steps: draft.steps.map((step) => ({
      key: step.key,
      title: { fr: step.fr.trim(), en: step.en.trim() },
      kind: step.held?.kind ?? null,
      duration_min: Number(step.duration),
      skills: [
        ...(step.tag ? [{ tag: step.tag, level: step.level, required: true }] : []),
        ...(step.held?.skills.slice(1) ?? []),
      ],
      priority: step.held?.priority ?? 'normal',
      depends_on: step.dependsOn.filter((key) => keys.includes(key)),
      offset_min: Math.round(Number(step.offset.replace(',', '.')) * 60),
    })),
  };
}

/** Which fields cannot be right: `code`, `name`, or `step` with its place. */
export function wrongTemplate(draft: TemplateDraft): string[] {
  const wrong: string[] = [];
  if (!/^\w+$/.test(draft.code.trim())) wrong.push('code');
  if (!draft.fr.trim() || !draft.en.trim()) wrong.push('name');
  draft.steps.forEach((step, i) => {
    const whole = /^\d+$/.test(step.duration) && Number(step.duration) >= 1 && Number(step.duration) <= 1440;
    const offset = Number(step.offset.replace(',', '.'));
    if (!step.fr.trim() || !step.en.trim() || !whole || !(offset >= 0)) wrong.push(`step${i}`);
  });
  return wrong;
}

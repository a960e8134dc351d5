// What the browser says of a field that is wrong, in the language of the page instead of the browser's own. No domain word here.
import { t } from '../words';

type Checked = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function wordsFor(field: Checked): string {
  const { validity } = field;
  const bound = (name: 'min' | 'max'): string => field.getAttribute(name) ?? '';
  if (validity.valueMissing) return t('field.missing');
  if (validity.rangeUnderflow) return t('field.min', { least: bound('min') });
  if (validity.rangeOverflow) return t('field.max', { most: bound('max') });
  return t('field.wrong');
}

/** Listens on `root` for good. */
export function speakOfFields(root: Document): void {
  root.addEventListener(
    'invalid',
    (event) => {
      const field = event.target as Checked;
      if (!field.validity.customError) field.setCustomValidity(wordsFor(field));
    },
    { capture: true },
  );
  // What was said holds until something else is typed.
  for (const kind of ['input', 'change'])
    root.addEventListener(kind, (event) => (event.target as Partial<Checked>).setCustomValidity?.(''), {
      capture: true,
    });
}

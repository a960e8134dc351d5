import { expect, it } from 'vitest';
import { reach } from './moment';

const at = (clock: string): number => Date.parse(`2026-11-23T${clock}:00-05:00`);

it('reaches to the last step that is over, and no further than the day', () => {
  expect(reach(at('06:00'), at('21:00'), at('10:42'))).toEqual({ from: at('06:00'), to: at('10:40') });
  expect(reach(at('06:00'), at('21:00'), at('23:00'))).toEqual({ from: at('06:00'), to: at('21:00') });
});

it('is one moment where the day has not begun', () => {
  expect(reach(at('06:00'), at('21:00'), at('05:00'))).toEqual({ from: at('06:00'), to: at('06:00') });
});

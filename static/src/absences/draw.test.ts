import { describe, expect, it } from 'vitest';
import { drawnBy } from './draw';

const at = (time: string): number => Date.parse(`2026-11-23T${time}:00-05:00`);
const absence = { id: 'absence_1', start: '2026-11-23T09:00:00-05:00', end: '2026-11-23T12:00:00-05:00' };

describe('an absence that is drawn', () => {
  it('begins where the hand went down, whichever way it moves', () => {
    const held = { technicianId: 'tech_1', atMs: at('10:02'), pxPerMin: 2 };
    expect(drawnBy(held, 120)).toEqual({ startMs: at('10:00'), endMs: at('11:00') });
    expect(drawnBy(held, -120)).toEqual({ startMs: at('09:00'), endMs: at('10:00') });
  });

  it('keeps the edge that is not held, and never turns round', () => {
    const held = { technicianId: 'tech_1', absence, edge: 'end' as const, atMs: at('12:00'), pxPerMin: 1 };
    expect(drawnBy(held, 90)).toEqual({ startMs: at('09:00'), endMs: at('13:30') });
    expect(drawnBy(held, -900)).toEqual({ startMs: at('09:00'), endMs: at('09:05') });
    expect(drawnBy({ ...held, edge: 'start' }, 900)).toEqual({ startMs: at('11:55'), endMs: at('12:00') });
  });
});

import { describe, expect, it } from 'vitest';
import { fieldsOf, spanOfPreset, usualSpan } from './spans';

const ZONE = 'America/Toronto';
const NOW = Date.parse('2026-11-23T14:52:31Z');
const NONE = { from: '', fromTime: '', to: '', toTime: '' };

describe('the spans of an absence', () => {
  it('takes the rest of today from this minute to midnight on the company’s wall', () => {
    expect(spanOfPreset('rest', NOW, ZONE, NONE)).toEqual({
      start: '2026-11-23T14:52:00Z',
      end: '2026-11-24T05:00:00Z',
    });
  });

  it('takes whole days from midnight to midnight, also where the clock is changed', () => {
    const spring = Date.parse('2027-03-13T15:00:00Z');
    expect(spanOfPreset('tomorrow', spring, ZONE, NONE)).toEqual({
      start: '2027-03-14T05:00:00Z',
      end: '2027-03-15T04:00:00Z',
    });
  });

  it('offers the end of the shift, or else a whole hour, and never an odd minute', () => {
    const shift = { start: '2026-11-23T13:00:00Z', end: '2026-11-23T21:30:00Z' };
    const tomorrow = { start: '2026-11-24T13:00:00Z', end: '2026-11-24T21:30:00Z' };
    expect(usualSpan(NOW, [tomorrow, shift])).toEqual({ start: '2026-11-23T14:50:00Z', end: shift.end });
    expect(usualSpan(NOW, [])).toEqual({ start: '2026-11-23T14:50:00Z', end: '2026-11-24T15:00:00Z' });
    expect(usualSpan(NOW, [tomorrow]).end).toBe('2026-11-24T15:00:00Z');
  });

  it('takes what the fields say, and nothing that ends before it starts', () => {
    const fields = { from: '2026-11-23', fromTime: '13:00', to: '2026-11-25', toTime: '12:00' };
    const span = spanOfPreset('until', NOW, ZONE, fields);
    expect(span).toEqual({ start: '2026-11-23T18:00:00Z', end: '2026-11-25T17:00:00Z' });
    expect(span && fieldsOf(span, ZONE)).toEqual(fields);
    expect(spanOfPreset('until', NOW, ZONE, { ...fields, to: '2026-11-22' })).toBeNull();
    expect(spanOfPreset('until', NOW, ZONE, { ...fields, toTime: '' })).toBeNull();
  });
});

// Whether somebody answers to what was typed: every word must be found in the name, the town, the tracker or the
// digits of the phone, whatever the accents. Pure.
import type { TechnicianRecord } from '../api/team';

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();

export function foundBy(who: TechnicianRecord, typed: string): boolean {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const text = fold([who.name, who.home.address ?? '', who.gps_device_id ?? '', who.email ?? ''].join(' '));
  const digits = who.phone.replace(/\D/g, '');
  // A number is typed in pieces: 450 555-0101.
  const number = typed.replace(/\D/g, '');
  if (number.length >= 3 && /^[\d\s()+.-]+$/.test(typed.trim()) && digits.includes(number)) return true;
  return words.every((word) => text.includes(word));
}

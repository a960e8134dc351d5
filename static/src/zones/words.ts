// A zone in a line: what it asks and when.
import type { Zone } from '../api/zones';
import { language, t } from '../words';
import { shortDay } from '../words/format';

/** "Sûreté, niveau 2 · 3 personnes · du 1 au 5 décembre" */
export function said(zone: Zone): string {
  const asked = zone.certification;
  const people = zone.technician_ids.length;
  return [
    asked ? t('zones.certificate', { tag: asked.tag, level: asked.level }) : '',
    people ? t('zones.named', { n: people }, people) : '',
    days(zone),
  ]
    .filter(Boolean)
    .join(' · ');
}

function days({ valid_from: from, valid_until: until }: Zone): string {
  const day = (one: string): string => shortDay(one, language());
  if (from && until) return t('zones.between', { from: day(from), until: day(until) });
  if (from) return t('zones.since', { day: day(from) });
  return until ? t('zones.to', { day: day(until) }) : t('zones.always');
}

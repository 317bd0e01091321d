import { hourInWords } from '../../shared/french-dates.js';
import { type Instant, toLocal } from '../../shared/time.js';
import { plainDate } from '../../ui/typography.js';

export const CONSOLE = { href: '/console', label: 'Console' };

/** « 14 avril 2026 à 9 h 30 ». */
export function dated(instant: Instant, timeZone: string): string {
  const { date, time } = toLocal(instant, timeZone);
  return `${plainDate(date)} à ${hourInWords(time)}`;
}

/** « 14 avril 2026 ». */
export function dayOf(instant: Instant, timeZone: string): string {
  return plainDate(toLocal(instant, timeZone).date);
}

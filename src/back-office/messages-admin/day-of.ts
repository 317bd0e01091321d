import { instantOf, toLocal } from '../../shared/time.js';
import { plainDate } from '../../ui/typography.js';

/** The day of a version, by the clock of its reader. */
export function dayOf(date: Date, timeZone: string): string {
  return plainDate(toLocal(instantOf(date), timeZone).date);
}

import { Temporal } from 'temporal-polyfill';
import { ValidationFailed } from '../../shared/domain-error.js';

/** First and last day away, both included, `YYYY-MM-DD` at the service. */
export interface Days {
  readonly startsOn: string;
  readonly endsOn: string;
}

const LONGEST_DAYS = 400;

/**
 * @param today at the service
 * @throws ValidationFailed for no day, an end before the start, an end that is over, more than 400 days
 */
export function refuseDays({ startsOn, endsOn }: Days, today: string): void {
  if (!isDay(startsOn)) throw invalid('startsOn', 'day');
  if (!isDay(endsOn)) throw invalid('endsOn', 'day');
  if (endsOn < startsOn) throw invalid('endsOn', 'before-start');
  if (endsOn < today) throw invalid('endsOn', 'over');
  if (Temporal.PlainDate.from(startsOn).until(endsOn).days >= LONGEST_DAYS)
    throw invalid('endsOn', 'too-long');
}

/** The day after, from whose first minute on the agent is back. */
export function dayAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).year >= 2000;
  } catch {
    return false;
  }
}

function invalid(field: string, code: string): ValidationFailed {
  return new ValidationFailed([{ field, code, message: code }]);
}

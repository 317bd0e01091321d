import { Temporal } from 'temporal-polyfill';
import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';

export const WORD_MEANS = ['in-person', 'phone', 'letter'] as const;
export type WordMeans = (typeof WORD_MEANS)[number];

/** How and when a person said that texts may be sent again, as asked of an agent or a program. */
export interface GivenWord {
  readonly means?: string | null | undefined;
  /** `YYYY-MM-DD` */
  readonly saidOn?: string | null | undefined;
}

export interface SaidWord {
  readonly means: WordMeans;
  readonly saidOn: string;
}

/**
 * @param refusedOn day of the refusal at the office: a word said before it does not answer it
 * @param today at the office
 * @throws ValidationFailed naming `wordMeans`, `wordSaidOn`
 */
export function readWord(given: GivenWord, refusedOn: string, today: string): SaidWord {
  const means = WORD_MEANS.find((one) => one === given.means);
  const saidOn = given.saidOn ?? '';
  const errors: FieldError[] = [];
  if (means === undefined)
    errors.push({ field: 'wordMeans', code: 'required', message: 'in-person, phone or letter' });
  if (!isDay(saidOn)) errors.push({ field: 'wordSaidOn', code: 'required', message: 'a day is expected' });
  else if (saidOn > today)
    errors.push({ field: 'wordSaidOn', code: 'in-the-future', message: 'not after today' });
  else if (saidOn < refusedOn)
    errors.push({ field: 'wordSaidOn', code: 'before-refusal', message: 'not before the refusal' });
  if (means === undefined || errors.length > 0) throw new ValidationFailed(errors);
  return { means, saidOn };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

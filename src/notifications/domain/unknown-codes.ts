import type { CallOutcome } from './attempt-results.js';
import { treatmentOf } from './operator-errors.js';

/** Calls are counted over these minutes, of real time. */
export const UNKNOWN_CODE_MINUTES = 10;
/** Fewer numbers than this may each have something of their own. */
const LEAST_NUMBERS = 3;

/** What became of the calls since one code that we do not know was first answered. */
export interface UnknownCode {
  /** Different numbers for which it was answered. */
  readonly numbers: number;
  /** Texts the same operator took since the first of them. */
  readonly taken: number;
}

/**
 * `number`: a refusal like another. `alert`: several numbers, while the operator takes others: somebody of ours must
 * look. `sender`: it refuses whoever we write to, so no number is to blame and nothing that waits may be given up.
 */
export type UnknownCodeVerdict = 'number' | 'alert' | 'sender';

/** By the number of telephones it was answered for, and by what the operator took meanwhile. */
export function verdictOnCode({ numbers, taken }: UnknownCode): UnknownCodeVerdict {
  if (numbers < LEAST_NUMBERS) return 'number';
  return taken >= numbers ? 'alert' : 'sender';
}

/** The code of an answer of which our tables say nothing; null for any other outcome. A network error is none. */
export function unknownCodeOf(operator: string, outcome: CallOutcome): string | null {
  if (outcome.result !== 'refused' && outcome.result !== 'not-sent') return null;
  const { errorCode } = outcome;
  return /^\d+$/.test(errorCode) && treatmentOf(operator, errorCode) === 'unknown' ? errorCode : null;
}

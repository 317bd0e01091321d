import type { Fault } from './ladder.js';
import { type Treatment, treatmentOf } from './operator-errors.js';

const FAULTS: Readonly<Record<Treatment, Fault>> = {
  'stop-for-ever': 'opted-out',
  'flag-number': 'number',
  'text-refused': 'filtered',
  'try-later': 'unreachable',
  'slow-down': 'operator',
  'alert-operators': 'filtered',
  // Final for this operator; whether another takes it is for the routing to say.
  'no-route': 'unknown',
  'in-doubt': 'unknown',
  unknown: 'unknown',
};

/** Worth another try like a telephone that was off, but it was the operator that failed, not the number. */
const NOT_THE_NUMBER: readonly string[] = ['30500', 'report-120', 'report-121'];

/** What an operator's error means for the ladder. */
export function faultOf(operator: string | null, errorCode: string | null): Fault {
  if (operator === null || errorCode === null) return 'unknown';
  return NOT_THE_NUMBER.includes(errorCode) ? 'operator' : FAULTS[treatmentOf(operator, errorCode)];
}

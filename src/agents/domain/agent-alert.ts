import type { Role } from '../../access/domain/roles.js';
import { ROLES } from '../../access/domain/roles.js';
import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';

export const ALERT_LEVELS = ['info', 'success', 'warning'] as const;
export type AlertLevel = (typeof ALERT_LEVELS)[number];

export interface TypedAlert {
  readonly level: string;
  readonly text: string;
  readonly roles: readonly string[];
  /** First and last day shown, both included, `YYYY-MM-DD` at the author's service. */
  readonly startsOn: string;
  readonly endsOn: string;
}

export interface AlertFacts {
  readonly level: AlertLevel;
  readonly text: string;
  readonly roles: readonly Role[];
}

export const LONGEST_ALERT = 500;

/** @throws ValidationFailed naming every fault; days are judged by `refuseDays` */
export function alertFacts(typed: TypedAlert): AlertFacts {
  const level = ALERT_LEVELS.find((one) => one === typed.level);
  const text = typed.text.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  const roles = ROLES.filter((role) => typed.roles.includes(role));
  const faults: FieldError[] = [];
  if (level === undefined) faults.push(fault('level'));
  if (text === '' || text.length > LONGEST_ALERT || /[^\P{Cc}\n]|\p{Cs}/u.test(text))
    faults.push(fault('alertText'));
  if (roles.length !== new Set(typed.roles).size) faults.push(fault('roles'));
  if (faults.length > 0 || level === undefined) throw new ValidationFailed(faults);
  return { level, text, roles };
}

function fault(field: string): FieldError {
  return { field, code: field, message: `${field} is not usable` };
}

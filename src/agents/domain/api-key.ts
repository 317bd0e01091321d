import { randomBytes } from 'node:crypto';
import { isApiScope } from '../../access/domain/api-scopes.js';
import { type OrganizationKind, type Role, ROLES_BY_KIND } from '../../access/domain/roles.js';
import type { FieldError } from '../../shared/domain-error.js';
import { isWhole } from '../../shared/whole-number.js';

const SECRET_BYTES = 32;
const PUBLIC_ID_BYTES = 4;
const LONGEST_NAME = 80;
/** A key that nobody renews for a year is forgotten by somebody. */
export const LONGEST_VALID_DAYS = 366;
/** Days for which the key that was replaced may keep working. */
export const LONGEST_OVERLAP_DAYS = 7;

export interface NewKey {
  /** `msj_`, eight characters that may be told to anybody, `_`, and 256 random bits. */
  readonly key: string;
  readonly publicId: string;
}

export function newKey(): NewKey {
  const publicId = randomBytes(PUBLIC_ID_BYTES).toString('hex');
  return { publicId, key: `msj_${publicId}_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

export interface KeyWishes {
  readonly name: string;
  readonly role: Role;
  /** Null: every scope. */
  readonly scopes: readonly string[] | null;
  /** Null: no end. */
  readonly validDays: number | null;
}

/** What is wrong with a key before it is made: its rights never exceed a role of its service. */
export function keyFaults(
  { name, role, scopes, validDays }: KeyWishes,
  kind: OrganizationKind,
): FieldError[] {
  const faults: FieldError[] = [];
  const fault = (field: string, code: string, message: string) => faults.push({ field, code, message });
  if (name.length === 0 || name.length > LONGEST_NAME)
    fault('keyName', 'length', `1 to ${LONGEST_NAME} characters`);
  if (!ROLES_BY_KIND[kind].includes(role)) fault('role', 'role', `not a role of a ${kind}`);
  if (scopes !== null && (scopes.length === 0 || !scopes.every(isApiScope)))
    fault('scopes', 'isIn', 'at least one known scope');
  if (validDays !== null && !isWhole(validDays, { least: 1, most: LONGEST_VALID_DAYS }))
    fault('validDays', 'range', `1 to ${LONGEST_VALID_DAYS} days`);
  return faults;
}

export function overlapFaults(days: number): FieldError[] {
  if (isWhole(days, { least: 0, most: LONGEST_OVERLAP_DAYS })) return [];
  return [{ field: 'overlapDays', code: 'range', message: `0 to ${LONGEST_OVERLAP_DAYS} days` }];
}

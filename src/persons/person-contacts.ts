import type { EntityManager } from 'typeorm';
import { type ContactKind, keepContact } from '../platform/contacts.js';

/** The contact of what is said of a person. Undefined: not said, unchanged; null: erased. */
export async function contactOf<T extends string | null | undefined>(
  tx: EntityManager,
  kind: ContactKind,
  value: T,
): Promise<string | Exclude<T, string>> {
  return typeof value === 'string' ? keepContact(tx, kind, value) : (value as Exclude<T, string>);
}

import { ValidationFailed } from '../shared/domain-error.js';

const LONGEST = 4000;
const UNUSABLE = /\u0000|\p{Surrogate}/u;

/**
 * The fields of a posted form, all of them text; one that is absent is ''. Hidden tokens are taken out by the guard.
 * @throws ValidationFailed for an unknown field, a repeated one, and what PostgreSQL cannot store
 */
export function readForm<Name extends string>(
  body: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const known = new Set<string>(names);
  const faulty = Object.entries(body).filter(([name, value]) => !known.has(name) || !isText(value));
  if (faulty.length > 0) throw refused(faulty.map(([name]) => (known.has(name) ? name : 'form')));
  const read = names.map((name) => [name, exactText(body, name).trim()] as const);
  return Object.fromEntries(read) as Record<Name, string>;
}

/** One field to the letter, spaces included: a password. */
export function exactText(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

/** Fields named `prefix` + something, as a map of that something to the value. */
export function readGroup(
  body: Readonly<Record<string, unknown>>,
  prefix: string,
): ReadonlyMap<string, string> {
  const entries = Object.entries(body).filter(([name]) => name.startsWith(prefix));
  if (entries.some(([, value]) => !isText(value))) throw refused(['form']);
  return new Map(entries.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

/** The same body without those fields. */
export function withoutGroup(
  body: Readonly<Record<string, unknown>>,
  prefix: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith(prefix)));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && !UNUSABLE.test(value);
}

function refused(fields: readonly string[]): ValidationFailed {
  return new ValidationFailed(
    [...new Set(fields)].map((field) => ({ field, code: 'text', message: 'unusable value' })),
  );
}

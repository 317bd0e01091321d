import { byName } from '../shared/by-name.js';
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
  return byName(names, (name) => exactText(body, name).trim());
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

/**
 * Fields named `name.1` to `name.most` for each of these names, as rows; one that is absent is ''.
 * @returns the rows, and the body without them
 * @throws ValidationFailed for a row beyond the last
 */
export function readRows<Name extends string>(
  body: Readonly<Record<string, unknown>>,
  names: readonly Name[],
  most: number,
): {
  readonly rows: readonly Readonly<Record<Name, string>>[];
  readonly rest: Readonly<Record<string, unknown>>;
} {
  const groups = new Map(names.map((name) => [name, readGroup(body, `${name}.`)] as const));
  const numbers = Array.from({ length: most }, (_row, at) => String(at + 1));
  if ([...groups.values()].some((group) => [...group.keys()].some((key) => !numbers.includes(key))))
    throw refused(['form']);
  return {
    rows: numbers.map((number) => byName(names, (name) => (groups.get(name)?.get(number) ?? '').trim())),
    rest: names.reduce((left, name) => withoutGroup(left, `${name}.`), body),
  };
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

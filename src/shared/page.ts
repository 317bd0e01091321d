import { ValidationFailed } from './domain-error.js';

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | null | undefined;
}

/** Opaque to callers; made of ids and instants only, never of names. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** @throws ValidationFailed when it was not made by `encodeCursor` with `patterns.length` parts */
export function decodeCursor(cursor: string, patterns: readonly RegExp[]): readonly string[] {
  const parts = parse(cursor);
  const fits =
    parts.length === patterns.length && patterns.every((pattern, i) => pattern.test(parts[i] ?? ''));
  if (!fits) throw new ValidationFailed([{ field: 'cursor', code: 'cursor', message: 'unknown cursor' }]);
  return parts;
}

/** Rows were read one beyond `limit`: the extra one tells that there is more. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

function parse(cursor: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed.map(String) : [];
  } catch {
    return [];
  }
}

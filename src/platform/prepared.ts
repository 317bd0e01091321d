import { createHash } from 'node:crypto';
import pg from 'pg';

const NAMES = new Map<string, string>();

/**
 * Marks a statement that runs many times a second: each connection plans it once, not at every execution. For a
 * constant text only; a pooler before PostgreSQL must know named statements.
 */
export function prepared(sql: string): string {
  NAMES.set(sql, `msj_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`);
  return sql;
}

/** The client of our pools: what `prepared` marked goes under its name, everything else as it is. */
export class PreparingClient extends pg.Client {
  override query = ((query: unknown, values?: unknown, ...more: unknown[]): unknown => {
    const name = typeof query === 'string' ? NAMES.get(query) : undefined;
    const named = name === undefined ? query : { name, text: query };
    return this.run(named, values, ...more);
  }) as pg.Client['query'];

  /** Its overloads say less than it accepts. */
  private readonly run = pg.Client.prototype.query.bind(this) as (...given: unknown[]) => unknown;
}

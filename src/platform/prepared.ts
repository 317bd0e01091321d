import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import pg from 'pg';
import { currentScope, type Scope } from './scope.js';
import { openingOf } from './scope-settings.js';

const NAMES = new Map<string, string>();

/**
 * Marks a statement that runs many times a second: each connection plans it once, not at every execution. For a
 * constant text only; a pooler before PostgreSQL must know named statements.
 */
export function prepared(sql: string): string {
  NAMES.set(sql, `msj_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`);
  return sql;
}

const BEGIN = 'START TRANSACTION';
const END = new Set(['COMMIT', 'ROLLBACK']);
/** What TypeORM reads of the answer to a statement without rows. */
const NOTHING = { command: '', rowCount: null, rows: [] };

const ISOLATION = /^SET TRANSACTION ISOLATION LEVEL /;

/**
 * The client of our pools: what `prepared` marked goes under its name, everything else as it is. A transaction begins
 * with its first statement, in one round trip; one without a statement never begins. It takes its role and the
 * services it may see (`scope.ts`) as it begins.
 */
export class PreparingClient extends pg.Client {
  private beginsAs: Scope | undefined;
  private isolation = '';
  private began: Promise<Date> | undefined;
  private isGathering = false;

  /**
   * `app_now()` of the running transaction, the same for all its statements: its beginning tells, nothing more is
   * asked. Undefined outside of a transaction.
   */
  transactionNow(): Promise<Date> | undefined {
    return this.beginsAs === undefined ? this.began : this.begin(this.beginsAs);
  }

  override query = ((query: unknown, values?: unknown, ...more: unknown[]): unknown => {
    if (query === BEGIN) {
      this.beginsAs = currentScope();
      this.began = undefined;
      this.isolation = '';
      return Promise.resolve(NOTHING);
    }
    if (this.beginsAs !== undefined && typeof query === 'string' && ISOLATION.test(query)) {
      this.isolation = `${query}; `;
      return Promise.resolve(NOTHING);
    }
    if (typeof query === 'string' && END.has(query)) return this.finish(query);
    const name = typeof query === 'string' ? NAMES.get(query) : undefined;
    const named = name === undefined ? query : { name, text: query };
    return this.beginsAs === undefined
      ? this.run(named, values, ...more)
      : this.first(this.beginsAs, named, values, more);
  }) as pg.Client['query'];

  /** Both are on their way before the first is answered; should the beginning fail, so does the statement. */
  private first(scope: Scope, query: unknown, values: unknown, more: unknown[]): unknown {
    const begun = this.begin(scope);
    return Promise.all([this.run(query, values, ...more), begun]).then(([answer]) => answer);
  }

  private begin(scope: Scope): Promise<Date> {
    this.beginsAs = undefined;
    const answers = this.run(`${BEGIN}; ${this.isolation}${openingOf(scope)}`) as Promise<
      pg.QueryResult<Now>[]
    >;
    this.began = answers.then((results) => nowOf(results.at(-1)));
    return this.began;
  }

  private finish(query: string): unknown {
    const hasBegun = this.beginsAs === undefined;
    this.beginsAs = undefined;
    this.began = undefined;
    return hasBegun ? this.run(query) : Promise.resolve(NOTHING);
  }

  /** What is asked in one turn goes out together: a system call and a wake-up of PostgreSQL less for each. */
  private run(...given: unknown[]): unknown {
    if (!this.isGathering) {
      const { stream } = this.wire.connection;
      this.isGathering = true;
      stream.cork();
      process.nextTick(() => {
        this.isGathering = false;
        stream.uncork();
      });
    }
    return this.ask(...given);
  }

  /** Its overloads say less than it accepts. */
  private readonly ask = pg.Client.prototype.query.bind(this) as (...given: unknown[]) => unknown;

  /** Its types leave out the connection. */
  private get wire(): { readonly connection: { readonly stream: Writable } } {
    return this;
  }
}

interface Now {
  readonly now: Date;
}

function nowOf(result: pg.QueryResult<Now> | undefined): Date {
  const row = result?.rows[0];
  if (row === undefined) throw new Error('app_now() answered nothing');
  return row.now;
}

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { rememberCaller } from '../../src/access/current-caller.js';
import type { KeptHead } from '../../src/access/domain/journal-findings.js';
import { Journal } from '../../src/access/journal.js';
import { ForgetNames } from '../../src/access/journal/forget-names.js';
import { journalHeads } from '../../src/access/journal/heads.query.js';
import { JournalKeys } from '../../src/access/journal/journal-keys.js';
import { SealJournal } from '../../src/access/journal/seal-journal.js';
import { type Verdict, VerifyJournal } from '../../src/access/journal/verify-journal.js';
import { WriteJournal } from '../../src/access/journal/write-journal.js';
import { Clock } from '../../src/platform/clock.js';
import { asRequest } from '../../src/platform/scope.js';
import { Transaction } from '../../src/platform/transaction.js';
import { createTestDatabase, moveClock, type TestDatabase } from './database.js';

/** The key of a notary who was given no other. */
export const OLD_KEY = 'o'.repeat(32);
const DAY = '2026-04-14T08:00:00Z';

/** A journal on a database of its own, with whoever owns that database as the adversary. */
export class Notary {
  readonly journal = new Journal();
  private readonly transaction: Transaction;
  private constructor(
    readonly database: TestDatabase,
    readonly owner: pg.Client,
    private readonly keys: JournalKeys,
  ) {
    this.transaction = new Transaction(database.dataSource);
    new WriteJournal(this.transaction, new Clock(), keys).onModuleInit();
  }

  static async open(secretKeys: readonly string[] = [OLD_KEY]): Promise<Notary> {
    const database = await createTestDatabase();
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await moveClock(database.dataSource, DAY);
    return new Notary(database, owner, new JournalKeys({ SECRET_KEYS: [...secretKeys] }));
  }

  get dataSource(): DataSource {
    return this.database.dataSource;
  }

  /** The same database, after the keys changed. */
  withKeys(...secretKeys: string[]): Notary {
    return new Notary(this.database, this.owner, new JournalKeys({ SECRET_KEYS: secretKeys }));
  }

  async write(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.asAnAgent();
  }

  /** One entry in which every column says something. */
  private asAnAgent(): Promise<void> {
    return new Promise((resolve, reject) => {
      asRequest({}, () => {
        rememberCaller({
          agentId: randomUUID(),
          impersonatorId: randomUUID(),
          apiKeyId: randomUUID(),
          organizationId: randomUUID(),
          role: 'cpip',
          requestId: randomUUID(),
        });
        const act = {
          action: 'file.read' as const,
          personId: randomUUID(),
          objectId: randomUUID(),
          detail: { b: 1, a: ['x', { z: null, y: true }] },
        };
        this.transaction.run((tx) => this.journal.record(tx, act)).then(resolve, reject);
      });
    });
  }

  seal(): Promise<number> {
    return this.transaction.run((tx) => new SealJournal(this.keys).execute(tx));
  }

  /** Entries and links are written and not committed while this is done. */
  whileWriting(work: () => Promise<void>): Promise<void> {
    return this.transaction.run(async (tx) => {
      await new SealJournal(this.keys).execute(tx);
      await this.journal.record(tx, { action: 'file.read', personId: randomUUID() });
      await new WriteJournal(this.transaction, new Clock(), this.keys).execute(tx);
      await work();
    });
  }

  forget(): Promise<number> {
    return this.transaction.run((tx) => new ForgetNames().execute(tx));
  }

  verify(kept: readonly KeptHead[] = []): Promise<Verdict> {
    return this.dataSource.transaction('REPEATABLE READ', (tx) =>
      new VerifyJournal(this.keys).execute(tx, kept),
    );
  }

  heads(): Promise<KeptHead[]> {
    return this.dataSource.transaction((tx) => journalHeads(tx));
  }

  /** As the owner of the tables, past every trigger. */
  async tamper(sql: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    const tables = ['journal_entry', 'journal_link', 'journal_head', 'journal_unlinked'];
    for (const table of tables) await this.owner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    try {
      return await this.owner.query(sql, [...values]);
    } finally {
      for (const table of tables) await this.owner.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    }
  }

  async entryAt(seq: number): Promise<string> {
    const { rows } = await this.owner.query<{ id: string }>(
      'SELECT entry_id AS id FROM journal_link WHERE seq = $1',
      [seq],
    );
    return rows[0]?.id ?? '';
  }

  async columnsOf(table: string): Promise<{ name: string; type: string }[]> {
    const { rows } = await this.owner.query<{ name: string; type: string }>(
      'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = $1',
      [table],
    );
    return rows;
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.database.drop();
  }
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import {
  APPLICATION_ROLE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../demo/embedded-postgres.js';
import { loadEnv } from '../../config/load-env.js';
import { seedDemo } from '../../demo/world/seed-demo.js';
import { restoreBackup, type RestoreReport } from '../../src/cli/backup/restore-backup.js';
import { type BackupReport } from '../../src/cli/backup/take-backup.js';
import { Journal } from '../../src/access/journal.js';
import { JournalKeys } from '../../src/access/journal/journal-keys.js';
import { SealJournal } from '../../src/access/journal/seal-journal.js';
import { WriteJournal } from '../../src/access/journal/write-journal.js';
import { CreateApiKey } from '../../src/agents/keys/create-api-key.js';
import { Transaction } from '../../src/platform/transaction.js';
import { verifyJournal } from '../../src/cli/audit.command.js';
import { auditDatabase } from '../../src/notifications/surety/auditor.js';
import { holdOf } from '../../src/notifications/surety/sending-hold.js';
import { Clock } from '../../src/platform/clock.js';
import { databaseOptions } from '../../src/platform/database.js';
import { migrate } from '../../src/platform/migrate.js';
import { asWorker, TEST_SECRET_KEY, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { Backups, DIGESTS, KEYS, personsIn, rowsOf, SHAPE } from '../support/backups.js';

const WAITING = 3;

describe('backup and restore', () => {
  const backups = new Backups();
  let file: string;
  let source: TestDatabase;
  let saved: BackupReport;

  beforeAll(async () => {
    await backups.open();
    ({ source } = backups);
    file = backups.fileNamed('night');
    await planDueNow(source.dataSource, WAITING);
    await seedDemo(source.dataSource);
    await source.dataSource.query(
      `UPDATE person SET last_name = $1 WHERE id = (SELECT min(id::text)::uuid FROM person)`,
      ['O\u2019Brien\\n\\.\ttab "cité"'],
    );
    await settle(source);
    saved = await backups.take(file);
  });
  afterAll(() => backups.close());

  /** The world as it is after a minute of a worker's life: no failure is left that nobody took up. */
  async function settle(database: TestDatabase): Promise<void> {
    const engine = await startEngine(database, { url: 'http://127.0.0.1:9', authToken: 'x' });
    await engine.run('follow-up');
    await engine.stop();
    const keys = new JournalKeys({ SECRET_KEYS: [TEST_SECRET_KEY] });
    const transaction = new Transaction(database.dataSource);
    new WriteJournal(transaction, new Clock(), keys).onModuleInit();
    await transaction.run(async (tx) => {
      const [one]: { id: string }[] = await tx.query('SELECT id FROM organization LIMIT 1');
      const command = { organizationId: one?.id ?? '', role: 'local-admin' } as const;
      await new CreateApiKey(new Journal()).execute(tx, command);
    });
    await transaction.run((tx) => new SealJournal(keys).execute(tx));
  }

  it('keeps everything in a file that only its keys open', async () => {
    const bytes = readFileSync(file);
    expect(saved.rows).toBeGreaterThan(10_000);
    expect(saved.bytes).toBe(bytes.length);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(
      ['organization', 'appointment', 'convocation', 'Nanterre'].filter((word) => bytes.includes(word)),
    ).toEqual([]);
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it('never writes over a file', async () => {
    await expect(backups.take(file)).rejects.toMatchObject({
      fault: 'file-exists',
    });
  });

  describe('in a fresh cluster', () => {
    let cluster: EmbeddedPostgres;
    let copy: DataSource;
    let report: RestoreReport;

    beforeAll(async () => {
      cluster = await startEmbeddedPostgres({ directory: join(backups.directory, 'cluster'), fsync: false });
      const { ownerUrl } = cluster;
      await migrate({ ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' });
      report = await restoreBackup({ ownerUrl, file, masterKeys: KEYS, environment: 'test' });
      copy = await new DataSource(
        asWorker(databaseOptions(cluster.applicationUrl, 3, 'msj-test')),
      ).initialize();
    });

    afterAll(async () => {
      await copy.destroy();
      await cluster.stop();
    });

    it('brings back every row of every table, byte for byte, and the shape of the database', async () => {
      const digests = await rowsOf(source.ownerUrl, DIGESTS);
      expect(digests.length).toBeGreaterThan(40);
      expect(await rowsOf(cluster.ownerUrl, DIGESTS)).toEqual(digests);
      expect(await rowsOf(cluster.ownerUrl, SHAPE)).toEqual(await rowsOf(source.ownerUrl, SHAPE));
      expect(report).toMatchObject({ rows: saved.rows, tables: saved.tables });
    });

    it('has a journal whose chain holds, under the same keys', async () => {
      const env = { APP_ENV: 'test', PUBLIC_BASE_URL: 'http://127.0.0.1:9', SECRET_KEYS: TEST_SECRET_KEY };
      const verdict = await verifyJournal(loadEnv({ ...env, DATABASE_URL: cluster.applicationUrl }));
      expect(verdict).toMatchObject({ healthy: true, firstBad: null });
      expect(verdict.entries).toBeGreaterThan(0);
    });

    it('breaks no invariant', async () => {
      expect(await copy.transaction((tx) => auditDatabase(tx))).toEqual([]);
    });

    it('is held, and nothing leaves that the lost hours may have sent', async () => {
      expect(await holdOf(copy.manager, 'test')).toMatchObject({
        reason: 'restored-backup',
        detail: expect.stringContaining(saved.createdAt),
      });
      const operator = new PlainOperator();
      await operator.start();
      const engine = await startEngine({ url: cluster.applicationUrl } as TestDatabase, operator, {
        SEND_WINDOW: '00:00-23:59',
      });
      try {
        await engine.run('relay');
        await engine.run('sweep');
        await engine.run('relay');
        expect(operator.accepted).toEqual([]);
        const waiting: { n: number }[] = await copy.query(
          `SELECT count(*)::int AS n FROM message WHERE state = 'planned' AND due_at <= app_now()`,
        );
        expect(waiting[0]?.n).toBeGreaterThanOrEqual(WAITING);
      } finally {
        await engine.stop();
        await operator.stop();
      }
    });

    it('goes on counting where the source had stopped', async () => {
      const largest = `SELECT max(id)::int AS n FROM history_entry`;
      const [before] = await rowsOf(cluster.ownerUrl, largest);
      await copy.query(
        `INSERT INTO history_entry (${await columnsOf(cluster.ownerUrl)}) SELECT ${await columnsOf(cluster.ownerUrl)} FROM history_entry LIMIT 1`,
      );
      const [after] = await rowsOf(cluster.ownerUrl, largest);
      expect(Number(after?.['n'])).toBeGreaterThan(Number(before?.['n']));
    });
  });

  async function columnsOf(url: string): Promise<string> {
    const rows = await rowsOf(
      url,
      `SELECT string_agg(quote_ident(column_name), ', ') AS list FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = 'history_entry' AND is_identity = 'NO' AND is_generated = 'NEVER'`,
    );
    return String(rows[0]?.['list']);
  }

  it('opens what an older key of the list sealed', async () => {
    const database = await backups.emptyDatabase();
    expect(
      await backups.restoring(database, {
        file,
        masterKeys: ['the key that came after that one, as long', ...KEYS],
      }),
    ).toBe('restored');
    expect(await personsIn(database)).toBe(await personsIn(source));
  });

  it('saves one instant although the service goes on', async () => {
    const busy = await backups.emptyDatabase();
    await planDueNow(busy.dataSource, 200);
    const target = backups.fileNamed('busy');
    const over = new AbortController();
    const writing = (async () => {
      while (!over.signal.aborted) {
        await busy.dataSource.query(
          `WITH p AS (INSERT INTO person (first_name, last_name, search_key, no_phone) VALUES ('A', 'B', 'b a', true) RETURNING id)
           INSERT INTO person_organization (person_id, organization_id) SELECT p.id, o.id FROM p, organization o`,
        );
      }
    })();
    await backups.take(target, busy);
    over.abort();
    await writing;
    const database = await backups.emptyDatabase();
    expect(await backups.restoring(database, { file: target })).toBe('restored');
    const [lonely] = await rowsOf(
      database.ownerUrl,
      `SELECT count(*)::int AS n FROM person p WHERE last_name = 'B'
         AND NOT EXISTS (SELECT FROM person_organization WHERE person_id = p.id)`,
    );
    expect(lonely?.['n']).toBe(0);
  });
});

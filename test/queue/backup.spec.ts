import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import {
  APPLICATION_ROLE,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../demo/embedded-postgres.js';
import { loadEnv } from '../../config/env.js';
import { seedDemo } from '../../demo/world/seed-demo.js';
import { restoreBackup, type RestoreReport } from '../../src/cli/backup/restore-backup.js';
import { type BackupReport, takeBackup } from '../../src/cli/backup/take-backup.js';
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
import { asWorker, createTestDatabase, TEST_SECRET_KEY, type TestDatabase } from '../support/database.js';
import { planDueNow } from '../support/due-messages.js';
import { startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';

const KEYS = ['a test key that is long enough to be accepted'];
const WAITING = 3;

/** Rows of every table, as one digest each; what a restore leaves out or adds by design is not compared. */
const DIGESTS = `
  SELECT relname AS name, (xpath('/row/d/text()', query_to_xml(format(
    'SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C"), '''')) AS d FROM public.%I t', relname),
    false, true, '')))[1]::text AS digest
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
   AND relname NOT IN ('migrations', 'environment', 'session', 'sending_hold') ORDER BY 1`;
const SHAPE = `
  SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT tgrelid::regclass::text || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL SELECT attrelid::regclass::text || ' ' || attname FROM pg_attribute WHERE attidentity <> '' ORDER BY 1`;

async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const rowsOf = (url: string, sql: string) =>
  asking(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

describe('backup and restore', () => {
  let directory: string;
  let file: string;
  /** Of a few thousand rows: quick to read up to its end. */
  let smallFile: string;
  let source: TestDatabase;
  let saved: BackupReport;
  const opened: TestDatabase[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'msj-backup-'));
    chmodSync(directory, 0o755);
    file = join(directory, 'night.msj');
    source = await createTestDatabase();
    await planDueNow(source.dataSource, WAITING);
    await seedDemo(source.dataSource);
    await source.dataSource.query(
      `UPDATE person SET last_name = $1 WHERE id = (SELECT min(id::text)::uuid FROM person)`,
      ['O\u2019Brien\\n\\.\ttab "cité"'],
    );
    await settle(source);
    saved = await takeBackup({ ownerUrl: source.ownerUrl, file, masterKeys: KEYS });
    const small = await emptyDatabase();
    await planDueNow(small.dataSource, 3_000);
    smallFile = join(directory, 'small.msj');
    await takeBackup({ ownerUrl: small.ownerUrl, file: smallFile, masterKeys: KEYS });
  }, 120_000);

  afterAll(async () => {
    for (const database of [source, ...opened]) await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function emptyDatabase(): Promise<TestDatabase> {
    const database = await createTestDatabase();
    opened.push(database);
    return database;
  }

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

  async function restoring(
    database: TestDatabase,
    changes: { file?: string; masterKeys?: readonly string[]; environment?: string } = {},
  ): Promise<string> {
    const options = { ownerUrl: database.ownerUrl, file, masterKeys: KEYS, environment: 'test', ...changes };
    const outcome = await restoreBackup(options).then(
      () => 'restored',
      (error: unknown) => (error as { fault?: string }).fault ?? String(error),
    );
    if (outcome !== 'restored') {
      // A refusal leaves the database as it was: empty, and with all its keys.
      expect(await rowsOf(database.ownerUrl, SHAPE)).toEqual(await rowsOf(source.ownerUrl, SHAPE));
    }
    return outcome;
  }

  async function persons(database: TestDatabase): Promise<unknown> {
    return (await rowsOf(database.ownerUrl, 'SELECT count(*)::int AS n FROM person'))[0]?.['n'];
  }

  /** A copy of the file with something done to it. */
  function spoilt(change: (bytes: Buffer) => Buffer): string {
    const path = join(directory, `${randomBytes(4).toString('hex')}.msj`);
    writeFileSync(path, change(Buffer.from(readFileSync(smallFile))));
    return path;
  }

  it('keeps everything in a file that only its keys open', async () => {
    const bytes = readFileSync(file);
    expect(saved.rows).toBeGreaterThan(10_000);
    expect(saved.bytes).toBe(bytes.length);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(bytes.includes('DROP') || bytes.includes('person') || bytes.includes('Nanterre')).toBe(false);
    expect(existsSync(`${file}.partial`)).toBe(false);
  });

  it('never writes over a file', async () => {
    await expect(takeBackup({ ownerUrl: source.ownerUrl, file, masterKeys: KEYS })).rejects.toMatchObject({
      fault: 'file-exists',
    });
  });

  describe('in a fresh cluster', () => {
    let cluster: EmbeddedPostgres;
    let copy: DataSource;
    let report: RestoreReport;

    beforeAll(async () => {
      cluster = await startEmbeddedPostgres({ directory: join(directory, 'cluster'), fsync: false });
      const { ownerUrl } = cluster;
      await migrate({ ownerUrl, applicationRole: APPLICATION_ROLE, environment: 'test' });
      report = await restoreBackup({ ownerUrl, file, masterKeys: KEYS, environment: 'test' });
      copy = await new DataSource(
        asWorker(databaseOptions(cluster.applicationUrl, 3, 'msj-test')),
      ).initialize();
    }, 120_000);

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

  it('finds one flipped byte, wherever it is, and restores nothing', async () => {
    const database = await emptyDatabase();
    const size = statSync(smallFile).size;
    for (const at of [70, Math.floor(size / 3), size - 5]) {
      const flipped = spoilt((bytes) => {
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        return bytes;
      });
      expect(await restoring(database, { file: flipped })).toBe('damaged');
    }
    expect(await persons(database)).toBe(0);
  });

  it('finds a file that was cut, within a chunk or between two', async () => {
    const database = await emptyDatabase();
    const header = 51;
    const chunk = 5 + 64 * 1024 + 16;
    for (const length of [header, header + chunk, header + 2 * chunk, statSync(smallFile).size - 1])
      expect(await restoring(database, { file: spoilt((bytes) => bytes.subarray(0, length)) })).toBe(
        'truncated',
      );
    expect(await restoring(database, { file: spoilt((bytes) => Buffer.concat([bytes, bytes])) })).toBe(
      'damaged',
    );
    expect(await persons(database)).toBe(0);
  });

  it('refuses a chunk put in the place of another', async () => {
    const database = await emptyDatabase();
    const chunk = 5 + 64 * 1024 + 16;
    const swapped = spoilt((bytes) =>
      Buffer.concat([
        bytes.subarray(0, 51),
        bytes.subarray(51 + chunk, 51 + 2 * chunk),
        bytes.subarray(51, 51 + chunk),
        bytes.subarray(51 + 2 * chunk),
      ]),
    );
    expect(await restoring(database, { file: swapped })).toBe('damaged');
  });

  it('refuses by name another key, another environment, another version and another kind of file', async () => {
    const database = await emptyDatabase();
    expect(await restoring(database, { masterKeys: ['another key, just as long as it has to be.'] })).toBe(
      'wrong-key',
    );
    expect(await restoring(database, { environment: 'production' })).toBe('wrong-environment');
    expect(await restoring(database, { file: spoilt(() => Buffer.from('PK\u0003\u0004 a zip')) })).toBe(
      'not-an-archive',
    );
    await rowsOf(
      database.ownerUrl,
      `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later')`,
    );
    expect(await restoring(database)).toBe('wrong-version');
    expect(await persons(database)).toBe(0);
  });

  it('opens what an older key of the list sealed', async () => {
    const database = await emptyDatabase();
    expect(
      await restoring(database, { masterKeys: ['the key that came after that one, as long', ...KEYS] }),
    ).toBe('restored');
    expect(await persons(database)).toBe(await persons(source));
  });

  it('refuses a database in which somebody works already', async () => {
    const database = await emptyDatabase();
    await rowsOf(database.ownerUrl, `INSERT INTO organization (name, kind) VALUES ('SPIP 92', 'spip')`);
    expect(await restoring(database)).toBe('not-empty');
  });

  it('refuses a role from which row security would hide rows', async () => {
    const database = await emptyDatabase();
    await rowsOf(
      database.ownerUrl,
      `ALTER TABLE place ENABLE ROW LEVEL SECURITY; ALTER TABLE place FORCE ROW LEVEL SECURITY;
       CREATE POLICY narrow ON place AS RESTRICTIVE TO msj_owner USING (name < 'M')`,
    );
    const target = join(directory, 'partial.msj');
    await expect(
      takeBackup({ ownerUrl: database.ownerUrl, file: target, masterKeys: KEYS }),
    ).rejects.toMatchObject({ fault: 'filtered-role', message: expect.stringContaining('place') });
    expect(existsSync(target)).toBe(false);
  });

  it('saves one instant although the service goes on', async () => {
    const busy = await emptyDatabase();
    await planDueNow(busy.dataSource, 200);
    const target = join(directory, 'busy.msj');
    const over = new AbortController();
    const writing = (async () => {
      while (!over.signal.aborted) {
        await busy.dataSource.query(
          `WITH p AS (INSERT INTO person (first_name, last_name, search_key, no_phone) VALUES ('A', 'B', 'b a', true) RETURNING id)
           INSERT INTO person_organization (person_id, organization_id) SELECT p.id, o.id FROM p, organization o`,
        );
      }
    })();
    await takeBackup({ ownerUrl: busy.ownerUrl, file: target, masterKeys: KEYS });
    over.abort();
    await writing;
    const database = await emptyDatabase();
    expect(await restoring(database, { file: target })).toBe('restored');
    const [lonely] = await rowsOf(
      database.ownerUrl,
      `SELECT count(*)::int AS n FROM person p WHERE last_name = 'B'
         AND NOT EXISTS (SELECT FROM person_organization WHERE person_id = p.id)`,
    );
    expect(lonely?.['n']).toBe(0);
  });
});

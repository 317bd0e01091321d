import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { MIGRATIONS, ownerDataSource } from '../../config/data-source.js';
import { EnvironmentMismatch, migrate } from '../../src/platform/migrate.js';
import {
  createEmptyDatabase,
  createTestDatabase,
  dropDatabase,
  type TestDatabase,
} from '../support/database.js';

describe('migrations', () => {
  const name = `m_${randomBytes(6).toString('hex')}`;
  let ownerUrl: string;
  beforeAll(async () => {
    ownerUrl = await createEmptyDatabase(name);
  });
  afterAll(() => dropDatabase(name));

  it('go from empty to head, back down, and up to the same head', async () => {
    const dataSource = ownerDataSource(ownerUrl);
    await dataSource.initialize();
    try {
      await dataSource.runMigrations();
      const head = await shape(ownerUrl);
      for (let left = MIGRATIONS.length; left > 0; left--) await dataSource.undoLastMigration();
      const empty = await shape(ownerUrl);
      await dataSource.runMigrations();
      expect(head).toContain('table message');
      expect(empty).toEqual(['table migrations']);
      expect(await shape(ownerUrl)).toEqual(head);
    } finally {
      await dataSource.destroy();
    }
  });

  it('may run again, and from several machines at once', async () => {
    const options = { ownerUrl, applicationRole: 'msj_app', environment: 'test' as const };
    await Promise.all([migrate(options), migrate(options), migrate(options)]);
    await migrate(options);
    expect(await shape(ownerUrl)).toContain('table message');
  });

  it('refuse a database made for another environment', async () => {
    const options = { ownerUrl, applicationRole: 'msj_app', environment: 'production' as const };
    await expect(migrate(options)).rejects.toThrow(EnvironmentMismatch);
  });
});

describe('the application role', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const run = (sql: string) => database.dataSource.query(sql);

  it('reads and writes rows and uses the queue', async () => {
    await run(`INSERT INTO organization (name, kind) VALUES ('SPIP', 'spip')`);
    expect(await run('SELECT name FROM organization')).toEqual([{ name: 'SPIP' }]);
    expect(await run('SELECT FROM bullmq.job')).toEqual([]);
  });

  it.each([
    'CREATE TABLE intruder (id integer)',
    'ALTER TABLE person ADD COLUMN extra text',
    'DROP TABLE person',
    'TRUNCATE person CASCADE',
    `UPDATE history_entry SET event = 'rewritten'`,
    'DELETE FROM history_entry',
    `UPDATE environment SET name = 'production'`,
    'DELETE FROM migrations',
  ])('may not: %s', async (sql) => {
    await expect(run(sql)).rejects.toThrow(/permission denied|must be owner/);
  });
});

/** Every table, column, index, constraint, function and trigger of our schema, in words. */
async function shape(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(`
      SELECT 'table ' || relname AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      UNION ALL SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migrations'
      UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
      UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
      ORDER BY line`);
    return rows.map((row) => row.line);
  } finally {
    await client.end();
  }
}

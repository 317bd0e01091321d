import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { refuseOpenWall, roleFaults } from '../../src/platform/row-security/application-role.js';
import { OPEN_TABLES, WALLED_TABLES } from '../../src/platform/row-security/walled-tables.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('the wall between services, as it was built', () => {
  let database: TestDatabase;
  let application: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    application = await new DataSource(databaseOptions(database.url, 1, 'msj-wall')).initialize();
  });
  afterAll(async () => {
    await application.destroy();
    await database.drop();
  });

  it('inherits nothing: what a role may do is done in its name only', async () => {
    const rows: { inherits: boolean; may: boolean }[] = await application.query(
      `SELECT bool_or(pg_has_role(session_user, role, 'USAGE')) AS inherits, bool_and(pg_has_role(session_user, role, 'MEMBER')) AS may
         FROM unnest(ARRAY['msj_worker', 'msj_statistics']) AS role`,
    );
    expect(rows).toEqual([{ inherits: false, may: true }]);
  });

  describe('of a role that could see past it', () => {
    const faultsOf = async (url: string) => {
      const source = await new DataSource(databaseOptions(url, 1, 'msj-role')).initialize();
      try {
        return await roleFaults(source);
      } finally {
        await source.destroy();
      }
    };
    const startIn = (environment: 'production' | 'staging' | 'demo', url: string) =>
      new DataSource(databaseOptions(url, 1, 'msj-role'))
        .initialize()
        .then((source) => refuseOpenWall(source, environment).finally(() => source.destroy()));
    const admin = () => {
      const url = new URL(process.env['TEST_ADMIN_URL'] ?? '');
      url.pathname = new URL(database.url).pathname;
      return url.toString();
    };

    it('finds nothing to say of the application’s own', async () => {
      expect(await faultsOf(database.url)).toEqual([]);
      await expect(startIn('production', database.url)).resolves.toBeUndefined();
    });

    it('names the owner and the superuser', async () => {
      expect(await faultsOf(database.ownerUrl)).toEqual(['owns-tables', 'cannot-take-roles']);
      expect(await faultsOf(admin())).toEqual(['superuser']);
    });

    it.each(['production', 'staging'] as const)('does not let it start in %s', async (environment) => {
      await expect(startIn(environment, database.ownerUrl)).rejects.toThrow(/owns tables/);
      await expect(startIn(environment, admin())).rejects.toThrow(/is a superuser/);
    });

    it('lets a demo on one address start', async () => {
      await expect(startIn('demo', database.ownerUrl)).resolves.toBeUndefined();
    });

    it('names a role that inherits, one that bypasses, and a table without a wall', async () => {
      const client = new pg.Client({ connectionString: admin() });
      await client.connect();
      const role = `t_${randomBytes(6).toString('hex')}`;
      const url = new URL(database.url);
      url.username = role;
      url.password = 'x';
      try {
        await client.query(
          `CREATE ROLE ${role} LOGIN BYPASSRLS INHERIT PASSWORD 'x'; GRANT msj_worker, msj_statistics, msj_owner TO ${role}`,
        );
        await client.query('ALTER TABLE receipt NO FORCE ROW LEVEL SECURITY');
        expect(await faultsOf(url.toString())).toEqual([
          'bypasses-row-security',
          'inherits-owner',
          'inherits-worker',
          'no-wall',
        ]);
      } finally {
        await client.query('ALTER TABLE receipt FORCE ROW LEVEL SECURITY');
        await client.query(`DROP ROLE ${role}`);
        await client.end();
      }
    });
  });

  it('stands on every listed table, for the owner too', async () => {
    const rows: { table: string; forced: boolean }[] = await application.query(
      `SELECT relname AS table, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class
        WHERE relname = ANY($1) AND relkind = 'r' ORDER BY 1`,
      [WALLED_TABLES.map(({ table }) => table)],
    );
    expect(rows).toHaveLength(WALLED_TABLES.length);
    expect(rows.filter(({ forced }) => !forced)).toEqual([]);
  });

  it('knows every table that names a person, a convocation, a message or an agent', async () => {
    const rows: { name: string }[] = await application.query(
      `SELECT DISTINCT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped
          AND (c.relname ~ 'person|agent|contact|phone'
               OR a.attname ~ '(person|persons|agent|convocation|message|recipient|phone|email|body|contact|impersonator)(_id|_by|_sealed|s)?$')
        ORDER BY 1`,
    );
    const known = new Set([...WALLED_TABLES.map(({ table }) => table), ...Object.keys(OPEN_TABLES)]);
    expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
    const missing = Object.keys(OPEN_TABLES).filter((name) =>
      WALLED_TABLES.some(({ table }) => table === name),
    );
    expect(missing).toEqual([]);
  });
});

import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { WALLED_TABLES } from '../../src/platform/row-security/walled-tables.js';
import { NOBODY, type Scope, STATISTICS, WORKER } from '../../src/platform/scope.js';
import { Transaction } from '../../src/platform/transaction.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { furnish, type Furnished, OWN_COLUMN } from '../support/furnished-service.js';

/** A table, and how many of its rows the transaction sees of each service. */
interface Seen {
  readonly own: number;
  readonly foreign: number;
}

const FURNISHED = Object.keys(OWN_COLUMN);

describe('the wall between services', () => {
  let database: TestDatabase;
  /** The application's own role, one connection: what one request leaves behind, the next would find. */
  let application: DataSource;
  let transaction: Transaction;
  let a: Furnished;
  let b: Furnished;

  beforeAll(async () => {
    database = await createTestDatabase();
    a = await furnish(database.dataSource, 'A');
    b = await furnish(database.dataSource, 'B');
    application = await new DataSource(databaseOptions(database.url, 1, 'msj-wall')).initialize();
    transaction = new Transaction(application);
  });
  afterAll(async () => {
    await application.destroy();
    await database.drop();
  });

  const as = <T>(scope: Scope, work: (tx: EntityManager) => Promise<T>) => transaction.run(work, scope);
  const ofA = (): Scope => ({ kind: 'services', everywhere: false, organizationIds: [a.organizationId] });

  async function count(tx: EntityManager, table: string, of: Furnished): Promise<number> {
    const [column, value] = OWN_COLUMN[table]?.(of) ?? ['', ''];
    const rows: { n: number }[] = await tx.query(
      `SELECT count(*)::integer AS n FROM ${table} WHERE ${column} = $1`,
      [value],
    );
    return rows[0]?.n ?? -1;
  }
  const seen = (table: string, scope: Scope): Promise<Seen> =>
    as(scope, async (tx) => ({ own: await count(tx, table, a), foreign: await count(tx, table, b) }));

  it('has a row of both services in the tables it is tried on', async () => {
    for (const table of FURNISHED)
      expect({ table, ...(await seen(table, WORKER)) }).toEqual({ table, own: 1, foreign: 1 });
  });

  it.each(FURNISHED)('shows nothing of %s to a request whose caller is not known', async (table) => {
    expect(await seen(table, NOBODY)).toEqual({ own: 0, foreign: 0 });
  });

  it.each(FURNISHED)('shows of %s what is of the caller’s service, and nothing else', async (table) => {
    expect(await seen(table, ofA())).toEqual({ own: 1, foreign: 0 });
  });

  it.each(FURNISHED)('shows all of %s to a central administrator', async (table) => {
    const everywhere: Scope = { kind: 'services', everywhere: true, organizationIds: [] };
    expect(await seen(table, everywhere)).toEqual({ own: 1, foreign: 1 });
  });

  it.each(WALLED_TABLES.map(({ table }) => table))(
    'shows no row of %s at all without a scope',
    async (table) => {
      const rows: unknown[] = await as(NOBODY, (tx) => tx.query(`SELECT FROM ${table} LIMIT 1`));
      expect(rows).toEqual([]);
    },
  );

  it('does not say for whom the last transaction of a connection was', async () => {
    expect(await as(ofA(), (tx) => count(tx, 'person', a))).toBe(1);
    const bare: { role: string; services: string; n: number }[] = await application.query(
      `SELECT current_user AS role, current_setting('app.organization_ids', true) AS services,
              (SELECT count(*)::integer FROM person) AS n`,
    );
    expect(bare).toEqual([{ role: 'msj_app', services: '', n: 0 }]);
    await as(WORKER, (tx) => count(tx, 'person', a));
    expect(await as(NOBODY, (tx) => tx.query('SELECT current_user AS role'))).toEqual([{ role: 'msj_app' }]);
  });

  it('keeps its scope in a transaction that asks for an isolation level', async () => {
    const rows: unknown[] = await application.transaction('REPEATABLE READ', (tx) =>
      tx.query(`SELECT current_user AS role, current_setting('transaction_isolation') AS level`),
    );
    expect(rows).toEqual([{ role: 'msj_worker', level: 'repeatable read' }]);
  });

  describe('against writing', () => {
    const refused = /row-level security/;

    it('refuses to register a person in another service’s name', async () => {
      const insert = `INSERT INTO person (first_name, last_name, search_key, created_by_organization_id)
                      VALUES ('X', 'Y', 'y x', $1)`;
      await expect(as(ofA(), (tx) => tx.query(insert, [b.organizationId]))).rejects.toThrow(refused);
    });

    it('refuses to make a service follow somebody it does not know', async () => {
      const follow = 'INSERT INTO person_organization (person_id, organization_id) VALUES ($1, $2)';
      await expect(as(ofA(), (tx) => tx.query(follow, [b.personId, a.organizationId]))).rejects.toThrow(
        refused,
      );
      await expect(as(ofA(), (tx) => tx.query(follow, [a.personId, b.organizationId]))).rejects.toThrow(
        refused,
      );
    });

    it('refuses to summon to another service, and another service’s person', async () => {
      const book = (personId: string, at: Furnished) => (tx: EntityManager) =>
        tx.query(
          `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
             time_zone, starts_at, created_by_organization_id)
           VALUES ($1, 'suivi-spip', $2, $3, $4, '2026-07-10', '09:30', 'Europe/Paris', '2026-07-10T07:30:00Z', $5)`,
          [personId, at.agendaId, at.placeId, at.organizationId, a.organizationId],
        );
      await expect(as(ofA(), book(a.personId, b))).rejects.toThrow(refused);
      await expect(as(ofA(), book(b.personId, a))).rejects.toThrow(refused);
      await expect(as(ofA(), book(a.personId, a))).resolves.toBeDefined();
    });

    it('changes and deletes nothing of another service', async () => {
      const [, changed]: [unknown, number] = await as(ofA(), (tx) =>
        tx.query(`UPDATE person SET last_name = 'pris' WHERE id = $1`, [b.personId]),
      );
      const [, deleted]: [unknown, number] = await as(ofA(), (tx) =>
        tx.query('DELETE FROM message WHERE id = $1', [b.messageId]),
      );
      expect([changed, deleted]).toEqual([0, 0]);
    });

    it('lets nobody write through the views of the policies', async () => {
      const write = 'INSERT INTO followed_in_scope (person_id) VALUES ($1)';
      for (const scope of [ofA(), WORKER])
        await expect(as(scope, (tx) => tx.query(write, [b.personId]))).rejects.toThrow(/permission denied/);
    });
  });

  describe('for statistics', () => {
    it('counts the convocations of every service', async () => {
      expect(await seen('convocation', STATISTICS)).toEqual({ own: 1, foreign: 1 });
    });

    it.each([
      ['names', 'SELECT last_name FROM person'],
      ['numbers', 'SELECT phone_id FROM person'],
      ['sealed contacts', 'SELECT * FROM contact'],
      ['where texts went', 'SELECT recipient_id FROM delivery_attempt'],
      ['what persons answered', 'SELECT body FROM inbound_message'],
      ['agents', 'SELECT email FROM agent'],
      ['the journal', 'SELECT * FROM journal_entry'],
    ])('reads no %s', async (_what, sql) => {
      await expect(as(STATISTICS, (tx) => tx.query(sql))).rejects.toThrow(/permission denied/);
    });

    it('writes no convocation', async () => {
      await expect(as(STATISTICS, (tx) => tx.query(`DELETE FROM convocation`))).rejects.toThrow(
        /permission denied/,
      );
    });
  });
});

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';
import { refuseOpenWall, roleFaults } from '../../src/platform/row-security/application-role.js';
import { OPEN_TABLES, WALLED_TABLES } from '../../src/platform/row-security/walled-tables.js';
import { NOBODY, type Scope, STATISTICS, WORKER } from '../../src/platform/scope.js';
import { Transaction } from '../../src/platform/transaction.js';
import { anAgent, aPerson, aService } from '../support/builders.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** A table, and how many of its rows the transaction sees of each service. */
interface Seen {
  readonly own: number;
  readonly foreign: number;
}

/** One row in every walled table that a service can have rows of, for one service. */
async function furnish(db: DataSource, code: string) {
  const service = await aService(db, { name: `SPIP ${code}` });
  const personId = await aPerson(db, { organizationIds: [service.organizationId], lastName: `Nom ${code}` });
  const { organizationId, placeId, agendaId } = service;
  const one = async (sql: string, values: unknown[]): Promise<string> => {
    const rows: { id: string }[] = await db.query(sql, values);
    return rows[0]?.id ?? '';
  };
  const convocationId = await one(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
       time_zone, starts_at, created_by_organization_id)
     VALUES ($1, 'suivi-spip', $2, $3, $4, '2026-06-10', '09:30', 'Europe/Paris', '2026-06-10T07:30:00Z', $4) RETURNING id`,
    [personId, agendaId, placeId, organizationId],
  );
  const messageId = await one(
    `INSERT INTO message (convocation_id, kind, promise_version, due_at, first_due_at, useful_until)
     VALUES ($1, 'reminder', 1, '2026-06-09', '2026-06-09', '2026-06-10') RETURNING id`,
    [convocationId],
  );
  const attemptId = await one(
    `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
       segments, started_at, real_started_at)
     SELECT gen_random_uuid(), $1, 1, 'sms', 'twilio', 'MSJ', phone_id, sha256($2::bytea), 'x', 1, now(), now()
       FROM person WHERE id = $3 RETURNING id`,
    [messageId, code, personId],
  );
  await db.query(`INSERT INTO receipt (attempt_id, operator_message_id, status) VALUES ($1, $2, 'sent')`, [
    attemptId,
    `SM${code}`,
  ]);
  await db.query(`INSERT INTO history_entry (event, person_id) VALUES ('person.registered', $1)`, [personId]);
  await db.query(
    `INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at) VALUES (sha256($1::bytea), $2, $3, now())`,
    [code, convocationId, personId],
  );
  await db.query(
    `INSERT INTO agent_task (kind, reason, person_id, organization_id) VALUES ('call-back', 'asked', $1, $2)`,
    [personId, organizationId],
  );
  const replyId = await one(
    `INSERT INTO inbound_message (operator, operator_message_id, phone_id, body, intent)
     SELECT 'twilio', $1, phone_id, 'bonjour', 'free' FROM person WHERE id = $2 RETURNING id`,
    [`IN${code}`, personId],
  );
  await db.query(`INSERT INTO inbound_message_person VALUES ($1, $2)`, [replyId, personId]);
  const agentId = await anAgent(db, { organizationId, role: 'cpip' });
  await furnishStudies(db, organizationId, agentId);
  return { agentId, ...service, personId, convocationId, messageId, attemptId, replyId };
}

/** What names the agent who wrote it. */
async function furnishStudies(db: DataSource, organizationId: string, agentId: string): Promise<void> {
  for (const sql of [
    `INSERT INTO agent_alert (level, text, organization_id, starts_at, ends_at, written_by_agent_id)
     VALUES ('info', 'Réunion', $1, now(), now() + interval '1 day', $2)`,
    `INSERT INTO template (kind, organization_id, text, created_by_agent_id) VALUES ('reminder', $1, 'RDV', $2)`,
    `INSERT INTO rollout (organization_id, started_on, created_by_agent_id) VALUES ($1, '2026-01-01', $2)`,
    `INSERT INTO rollout_target (organization_id, relative_change, from_on, until_on, created_by_agent_id)
     VALUES ($1, -0.2, '2026-01-01', '2026-07-01', $2)`,
    `INSERT INTO rollout_plan (organization_id, name, design, created_by_agent_id) VALUES ($1, 'Vague', '{}', $2)`,
    `INSERT INTO baseline_import (organization_id, source, created_by_agent_id) VALUES ($1, 'Tableau', $2)`,
  ])
    await db.query(sql, [organizationId, agentId]);
}

type Furnished = Awaited<ReturnType<typeof furnish>>;

const OWN_COLUMN: Readonly<Record<string, (of: Furnished) => [column: string, value: string]>> = {
  person: ({ personId }) => ['id', personId],
  person_organization: ({ personId }) => ['person_id', personId],
  convocation: ({ convocationId }) => ['id', convocationId],
  history_entry: ({ personId }) => ['person_id', personId],
  message: ({ messageId }) => ['id', messageId],
  delivery_attempt: ({ attemptId }) => ['id', attemptId],
  receipt: ({ attemptId }) => ['attempt_id', attemptId],
  stop_link: ({ personId }) => ['person_id', personId],
  agent_task: ({ personId }) => ['person_id', personId],
  inbound_message: ({ replyId }) => ['id', replyId],
  inbound_message_person: ({ personId }) => ['person_id', personId],
  agent: ({ agentId }) => ['id', agentId],
  ...Object.fromEntries(
    [
      'agent_alert',
      'api_key',
      'template',
      'rollout',
      'rollout_target',
      'rollout_plan',
      'baseline_import',
    ].map((table) => [
      table,
      ({ organizationId }: Furnished) => ['organization_id', organizationId] as [string, string],
    ]),
  ),
};
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

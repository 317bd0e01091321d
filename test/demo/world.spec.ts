import pg from 'pg';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { countOldSeals } from '../../src/cli/keys/old-seals.query.js';
import { seedDemo } from '../../demo/world/seed-demo.js';
import { isPassword } from '../../src/agents/passwords.js';
import { ROLES, ROLES_BY_KIND } from '../../src/access/domain/roles.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { DEMO_DAY, demoSignIns, demoTemplate } from '../support/demo-world.js';
import { openedContacts } from '../support/contacts.js';

let database: TestDatabase;
let credentials: Awaited<ReturnType<typeof seedDemo>>;

beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 1 }, await demoTemplate());
  await moveClock(database.dataSource, DEMO_DAY);
  credentials = demoSignIns();
}, 240_000);

afterAll(() => database.drop());

async function count(sql: string): Promise<number> {
  const rows: { n: number }[] = await database.dataSource.query(`SELECT count(*)::integer AS n FROM ${sql}`);
  return rows[0]?.n ?? -1;
}

function percent(part: number, whole: number): number {
  return (100 * part) / whole;
}

describe('the demo world', () => {
  it('is sealed by its newest key, every column of it', async () => {
    expect(await countOldSeals(database.dataSource.manager)).toBe(0);
  });

  it('has agents of all roles, each in a service of the right kind, who can sign in', async () => {
    expect(new Set(credentials.agents.map(({ role }) => role))).toEqual(new Set(ROLES));
    const rows: { email: string; role: never; kind: 'spip' | 'tj'; password_hash: string }[] =
      await database.dataSource.query(
        'SELECT agent.email, role, kind, password_hash FROM agent JOIN organization o ON o.id = organization_id',
      );
    expect(rows.map(({ email }) => email).sort()).toEqual(
      credentials.agents.map(({ email }) => email).sort(),
    );
    for (const { role, kind } of rows) expect(ROLES_BY_KIND[kind]).toContain(role);
    expect(await isPassword(rows[0]?.password_hash ?? null, credentials.agents[0]?.password ?? '')).toBe(
      true,
    );
  });

  it('lives on ten clocks', async () => {
    const zones: { time_zone: string }[] = await database.dataSource.query(
      'SELECT DISTINCT time_zone FROM place',
    );
    expect(zones.map(({ time_zone }) => time_zone).sort()).toEqual([
      'America/Cayenne',
      'America/Marigot',
      'America/Martinique',
      'America/Miquelon',
      'Europe/Paris',
      'Indian/Mayotte',
      'Indian/Reunion',
      'Pacific/Noumea',
      'Pacific/Tahiti',
      'Pacific/Wallis',
    ]);
  });

  it('has 748 persons with numbers that exist, and some without', async () => {
    const rows: { phone: string | null; mobile: boolean; territory: string; refused: boolean }[] =
      await database.dataSource.query(
        `SELECT phone_id AS phone, phone_mobile AS mobile, phone_territory AS territory, sms_refused_at IS NOT NULL AS refused FROM person`,
      );
    const numbers = await openedContacts(database.dataSource);
    const persons = rows.map((row) => ({ ...row, phone: numbers.get(row.phone ?? '') ?? null }));
    expect(persons).toHaveLength(748);
    for (const { phone, mobile } of persons) {
      if (phone === null) continue;
      const parsed = parsePhoneNumberFromString(phone);
      expect({
        phone,
        valid: parsed?.isValid(),
        mobile: parsed?.getType()?.includes('MOBILE') && mobile,
      }).toEqual({ phone, valid: true, mobile });
    }
    const misbehaving = persons.filter(({ phone }) => /9\d$/.test(phone ?? '') && phone !== null);
    expect(misbehaving.length).toBeLessThan(12);
    for (const some of [
      persons.filter((p) => p.refused),
      persons.filter((p) => p.phone === null),
      persons.filter((p) => p.phone !== null && !p.mobile),
    ])
      expect(some.length).toBeGreaterThan(5);
  });

  it('tells three stories of absence with 24 months on each side', async () => {
    const rows: {
      name: string;
      before: number;
      after: number;
      months_before: number;
      months_after: number;
    }[] = await database.dataSource.query(
      `SELECT o.name, before.rate AS before, before.months AS months_before, after.rate AS after, after.months AS months_after
           FROM organization o
           CROSS JOIN LATERAL (SELECT (100.0 * sum(missed) / sum(attended + missed + excused))::float AS rate, count(*)::integer AS months
                                 FROM baseline_count b WHERE b.organization_id = o.id AND b.month < o.rolled_out_on
                                  AND b.month >= o.rolled_out_on - interval '24 months') AS before
           CROSS JOIN LATERAL (SELECT (100.0 * sum(missed) / sum(known))::float AS rate, count(DISTINCT month)::integer AS months
                                 FROM (SELECT date_trunc('month', local_date)::date AS month,
                                              (state = 'missed')::integer AS missed, 1 AS known
                                         FROM convocation c WHERE c.organization_id = o.id AND c.local_date >= o.rolled_out_on
                                          AND c.local_date < date_trunc('month', app_now())
                                          AND state IN ('attended', 'missed', 'excused')
                                       UNION ALL
                                       SELECT month, missed, attended + missed + excused FROM baseline_count b
                                        WHERE b.organization_id = o.id AND b.month >= o.rolled_out_on) AS told) AS after
          WHERE o.name IN ('SPIP 92 Nanterre', 'SPIP Guyane', 'SPIP La Réunion') ORDER BY o.rolled_out_on`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['SPIP 92 Nanterre', 'SPIP Guyane', 'SPIP La Réunion']);
    for (const row of rows)
      expect([row.name, row.months_before, row.months_after >= 24]).toEqual([row.name, 24, true]);
    const [clear, smaller] = rows.map(({ before, after }) => before - after);
    expect(clear).toBeGreaterThan(6.5);
    expect(clear).toBeLessThan(11.5);
    expect(smaller).toBeGreaterThan(2.5);
    expect(smaller).toBeLessThan(8);
  });

  it('knows nearly every outcome, except where the story is that it does not', async () => {
    const rows: { name: string; months: number }[] = await database.dataSource.query(
      `SELECT name, (count(*) FILTER (WHERE open > 0.02))::integer AS months FROM (
         SELECT o.name, avg((c.state = 'booked')::integer) AS open FROM convocation c JOIN organization o ON o.id = c.organization_id
          WHERE c.state <> 'cancelled' AND c.local_date >= app_now() - interval '18 months'
            AND c.local_date < date_trunc('month', app_now() - interval '9 days') AND o.kind = 'spip'
          GROUP BY o.name, date_trunc('month', c.local_date)) AS month
        GROUP BY name ORDER BY months DESC`,
    );
    expect(rows[0]?.name).toBe('SPIP La Réunion');
    expect(rows[0]?.months).toBeGreaterThan(10);
    for (const { name, months } of rows.slice(1)) expect([name, months < 3]).toEqual([name, true]);
  });

  it('writes every start in the register, two of them still to come', async () => {
    expect(
      await count(
        `rollout r JOIN organization o ON o.id = r.organization_id WHERE r.started_on = o.rolled_out_on AND r.withdrawn_at IS NULL`,
      ),
    ).toBe(13);
    expect(await count(`organization WHERE rolled_out_on > app_now()`)).toBe(2);
    expect(await count(`baseline_import WHERE undone_at IS NULL`)).toBe(10);
    expect(
      await count(
        `baseline_count b WHERE EXISTS (SELECT FROM convocation c WHERE c.organization_id = b.organization_id AND date_trunc('month', c.local_date) = b.month)`,
      ),
    ).toBe(0);
  });

  it('has told nothing before the roll-out, and has proof of everything that left', async () => {
    expect(
      await count(
        `message m JOIN convocation c ON c.id = m.convocation_id JOIN organization o ON o.id = c.organization_id WHERE m.due_at < o.rolled_out_on`,
      ),
    ).toBe(0);
    expect(
      await count(
        `message WHERE state IN ('accepted', 'delivered', 'undelivered', 'failed') AND id NOT IN (SELECT message_id FROM delivery_attempt)`,
      ),
    ).toBe(0);
    expect(
      await count(
        `message WHERE state IN ('planned', 'withdrawn', 'suppressed', 'expired') AND id IN (SELECT message_id FROM delivery_attempt)`,
      ),
    ).toBe(0);
  });

  it('owes nothing at its start: every message due before now is settled, every later one is planned', async () => {
    expect(
      await count(
        `message WHERE due_at <= app_now() AND state IN ('planned', 'queued', 'sending', 'uncertain')`,
      ),
    ).toBe(0);
    expect(await count(`message WHERE due_at > app_now() AND state NOT IN ('planned', 'withdrawn')`)).toBe(0);
    expect(
      await count(`message WHERE state = 'planned' AND due_at <= app_now() + interval '1 day'`),
    ).toBeGreaterThan(30);
  });

  it('plans each reminder at the promised hour of its day, at the place', async () => {
    expect(
      await count(`message m JOIN convocation c ON c.id = m.convocation_id WHERE m.kind = 'reminder' AND
        (m.due_at AT TIME ZONE c.time_zone)::date + m.occurrence <> c.local_date OR (m.kind = 'reminder' AND (m.due_at AT TIME ZONE c.time_zone)::time <> c.local_time)`),
    ).toBe(0);
  });

  it('holds exactly the seats that its slots count', async () => {
    expect(
      await count(
        `slot s WHERE seats_taken <> (SELECT count(*) FROM convocation c WHERE c.slot_id = s.id AND c.state IN ('booked', 'attended', 'missed'))`,
      ),
    ).toBe(0);
    expect(await count(`slot WHERE starts_at > app_now() AND seats_taken < capacity`)).toBeGreaterThan(100);
  });

  it('summons on open days only, and to services that follow the person', async () => {
    expect(
      await count(
        `convocation c JOIN appointment_type t ON t.code = c.type_code WHERE extract(isodow FROM local_date) > 5 AND NOT t.on_weekends`,
      ),
    ).toBe(0);
    expect(
      await count(
        `convocation c WHERE NOT EXISTS (SELECT FROM person_organization p WHERE p.person_id = c.person_id AND p.organization_id = c.organization_id)`,
      ),
    ).toBe(0);
  });

  it('leaves today full of work, and something past to be marked', async () => {
    for (const name of ['SPIP 92 Nanterre', 'SPIP Guyane', 'SPIP La Réunion', 'TJ Nanterre']) {
      const today = `convocation c JOIN organization o ON o.id = c.organization_id WHERE o.name = '${name}' AND c.local_date = (app_now() AT TIME ZONE c.time_zone)::date`;
      expect([name, (await count(today)) >= 5]).toEqual([name, true]);
    }
    expect(await count(`convocation WHERE state = 'booked' AND starts_at < app_now()`)).toBeGreaterThan(10);
  });

  it('changes nothing when it is started again at once', async () => {
    const facts = () =>
      database.dataSource.query(
        `SELECT (SELECT count(*) FROM convocation), (SELECT count(*) FROM message), (SELECT max(id) FROM history_entry), (SELECT count(*) FROM slot), (SELECT count(*) FROM agent), (SELECT count(*) FROM person), (SELECT count(*) FROM baseline_count), (SELECT count(*) FROM rollout)`,
      );
    const before: unknown = await facts();
    expect(await seedDemo(database.dataSource)).toEqual(credentials);
    expect(await facts()).toEqual(before);
  });

  it('tops today up after a pause, and leaves what is late as it is', async () => {
    const [mine] = await database.dataSource.query(
      `UPDATE convocation SET state = 'excused', updated_at = app_now() WHERE id = (SELECT id FROM convocation WHERE state = 'booked' AND starts_at > app_now() + interval '1 day' ORDER BY starts_at LIMIT 1) RETURNING id`,
    );
    await moveClock(database.dataSource, '2026-06-22T10:00:00Z');
    const late = await count(`message WHERE state = 'planned' AND due_at <= app_now()`);
    expect(late).toBeGreaterThan(0);
    await seedDemo(database.dataSource);
    expect(await count(`message WHERE state = 'planned' AND due_at <= app_now()`)).toBe(late);
    expect(
      await count(
        `convocation WHERE local_date = '2026-06-22' AND organization_id = (SELECT id FROM organization WHERE name = 'SPIP 92 Nanterre')`,
      ),
    ).toBeGreaterThanOrEqual(20);
    expect(await count(`convocation WHERE state = 'excused' AND id = '${mine[0].id}'`)).toBe(1);
    const open = await count(
      `convocation WHERE state = 'booked' AND starts_at BETWEEN app_now() - interval '10 days' AND app_now() - interval '2 days'`,
    );
    const past = await count(
      `convocation WHERE starts_at BETWEEN app_now() - interval '10 days' AND app_now() - interval '2 days'`,
    );
    expect(percent(open, past)).toBeLessThan(60);
  });

  it('refuses any other database', async () => {
    const other = await createTestDatabase({ poolSize: 1 });
    const owner = new pg.Client({ connectionString: other.ownerUrl });
    await owner.connect();
    await owner.query(`DELETE FROM clock_offset; UPDATE environment SET name = 'staging'`);
    await owner.end();
    await expect(seedDemo(other.dataSource)).rejects.toThrow('demo or test database only');
    await other.drop();
  });
});

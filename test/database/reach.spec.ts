import fc from 'fast-check';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Told, ToldWorld } from '../support/told-world.js';

/** Wednesday 10 June 2026, 14:00 in Nanterre. */
const HOUR = Date.parse('2026-06-10T12:00:00Z');
const before = (hours: number, seconds = 0) =>
  new Date(HOUR - hours * 3600_000 + seconds * 1000).toISOString();
const SEED = 20260610;

const told: fc.Arbitrary<Told> = fc.oneof(
  fc.constantFrom<Told>(
    { state: 'delivered' },
    { state: 'accepted', way: 'sms' },
    { state: 'accepted', way: 'email' },
    { state: 'planned' },
    { state: 'queued' },
    { state: 'withdrawn' },
    { state: 'uncertain', way: 'sms' },
    { state: 'delivered', promiseVersion: 7 },
  ),
  fc
    .constantFrom('30003', '30005', '30007', '30500', '21610')
    .map((errorCode): Told => ({ state: 'undelivered', errorCode })),
  fc.constantFrom('21614', '21610', '99999').map((errorCode): Told => ({ state: 'failed', errorCode })),
  fc
    .constantFrom('sms-refused', 'no-phone', 'number-flagged', 'wrong-person')
    .map((reason): Told => ({ state: 'suppressed', reason })),
  fc.constantFrom('too-late', 'in-doubt-twice').map((reason): Told => ({ state: 'expired', reason })),
  fc.constant<Told>({ state: 'failed', way: 'email', errorCode: '550' }),
);

const summoned = fc.record({
  person: fc.constantFrom(
    {},
    {},
    { email: 'ada@example.org' },
    { phone: null },
    { phone: null, email: 'ada@example.org' },
    { mobile: false, phone: '+33147250011' },
    { refuses: true },
    { refuses: true, email: 'ada@example.org' },
    { flagged: true },
  ),
  state: fc.constantFrom(
    'booked' as const,
    'booked' as const,
    'booked' as const,
    'cancelled' as const,
    'excused' as const,
  ),
  summons: fc.option(told),
  reminder: fc.option(told),
  /** What happens after the first tasks were opened. */
  later: fc.constantFrom(
    'nothing',
    'delivered',
    'reached',
    'could-not-reach',
    'done',
    'corrected',
    'refuses',
    'wrong-person',
    'moved',
  ),
});

const LATER: Readonly<Record<string, string>> = {
  delivered: `UPDATE message SET state = 'delivered', settled_at = app_now() WHERE convocation_id = $1 AND state = 'accepted'`,
  reached: closing('reached'),
  'could-not-reach': closing('could-not-reach'),
  done: closing('done'),
  corrected: closing('corrected'),
  refuses: `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'person'
             WHERE id = (SELECT person_id FROM convocation WHERE id = $1) AND sms_refused_at IS NULL`,
  'wrong-person': `INSERT INTO phone_block (phone_id, origin)
                   SELECT p.phone_id, 'link' FROM convocation c JOIN person p ON p.id = c.person_id
                    WHERE c.id = $1 AND p.phone_id IS NOT NULL`,
  moved: 'UPDATE convocation SET promise_version = promise_version + 1 WHERE id = $1',
};

function closing(outcome: string): string {
  return `UPDATE agent_task SET closed_at = app_now(), outcome = '${outcome}'
           WHERE convocation_id = $1 AND closed_at IS NULL`;
}

/** Written apart from the service's own reading: what the rows say of one convocation, class by class. */
const ORACLE = `
  SELECT c.id, c.state,
    (SELECT count(*)::int FROM agent_task t WHERE t.convocation_id = c.id AND t.closed_at IS NULL
        AND t.kind = 'reach-otherwise') AS open,
    (SELECT count(*)::int FROM message m JOIN delivery_attempt a ON a.message_id = m.id
      WHERE m.convocation_id = c.id AND m.promise_version = c.promise_version
        AND m.state = 'delivered' AND a.recipient_id NOT IN (SELECT phone_id FROM phone_block)) AS proofs,
    (SELECT count(*)::int FROM message m JOIN delivery_attempt a ON a.message_id = m.id
      WHERE m.convocation_id = c.id AND m.promise_version = c.promise_version
        AND m.state = 'accepted' AND a.channel = 'email') AS mails,
    array(SELECT t.outcome FROM agent_task t WHERE t.convocation_id = c.id AND t.promise_version = c.promise_version
        AND t.closed_at IS NOT NULL) AS outcomes,
    p.sms_refused_at IS NOT NULL AS refused, p.phone_id AS phone,
    CASE WHEN p.email_flagged_at IS NULL THEN p.email_id END AS email
    FROM convocation c JOIN person p ON p.id = c.person_id WHERE c.id = ANY($1)`;

interface OracleRow {
  readonly id: string;
  readonly state: string;
  readonly open: number;
  readonly proofs: number;
  readonly mails: number;
  readonly outcomes: string[];
  readonly refused: boolean;
  readonly phone: string | null;
  readonly email: string | null;
}

function classOf(row: OracleRow): string {
  if (row.open > 0) return 'task-open';
  if (row.proofs > 0 || row.outcomes.includes('reached') || row.outcomes.includes('done')) return 'reached';
  if (row.mails > 0) return 'reached-by-email';
  if (row.outcomes.includes('could-not-reach')) return 'unreachable';
  if (row.refused && row.email === null) return 'refused';
  if (row.phone === null && row.email === null) return 'unreachable';
  return 'nobody knows';
}

describe('four hours before an appointment', () => {
  let database: TestDatabase;
  let world: ToldWorld;

  beforeAll(async () => {
    database = await createTestDatabase();
    world = await new ToldWorld(database.dataSource).build();
  });
  afterAll(() => database.drop());

  async function judge(ids: readonly string[]): Promise<void> {
    const rows: OracleRow[] = await database.dataSource.query(ORACLE, [ids]);
    const seen = await database.dataSource.transaction((tx) => world.reach.reachOf(tx, ids));
    for (const row of rows) {
      expect(row.open).toBeLessThanOrEqual(1);
      // Nobody is left without an agent's look, refusal or not.
      if (row.state === 'booked' && ['refused', 'unreachable'].includes(classOf(row)))
        expect(row.outcomes.filter((outcome) => outcome !== 'no-longer-needed')).not.toEqual([]);
      if (row.state === 'booked')
        expect({ id: row.id, class: classOf(row) }).toEqual({ id: row.id, class: seen.get(row.id) });
      else expect({ id: row.id, open: row.open }).toEqual({ id: row.id, open: 0 });
      expect(classOf(row)).not.toBe(row.state === 'booked' ? 'nobody knows' : 'task-open');
    }
  }

  it(`each is reached, a task, a refusal or known to be unreachable (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(summoned, { minLength: 5, maxLength: 15 }), async (worlds) => {
        await moveClock(database.dataSource, before(30));
        const ids: string[] = [];
        for (const { person, state, summons, reminder } of worlds) {
          const id = await world.summon({ startsAt: new Date(HOUR).toISOString(), state, ...person });
          if (summons !== null) await world.tell(id, { ...summons, kind: 'summons' });
          if (reminder !== null) await world.tell(id, { ...reminder, kind: 'reminder' });
          ids.push(id);
        }
        await world.draw();
        await moveClock(database.dataSource, before(20));
        await world.draw();
        for (const [index, { later }] of worlds.entries())
          if (LATER[later] !== undefined) await database.dataSource.query(LATER[later], [ids[index]]);
        // The last runs that the schedule makes before the hour.
        await moveClock(database.dataSource, before(4, -40));
        await world.draw();
        await moveClock(database.dataSource, before(4));
        await judge(ids);
      }),
      { numRuns: 12, seed: SEED },
    );
  });

  it('counts at once, within a minute, for whoever is booked later than that', async () => {
    await moveClock(database.dataSource, before(2));
    const ids = [
      await world.summon({ startsAt: new Date(HOUR).toISOString() }),
      await world.summon({
        startsAt: new Date(HOUR).toISOString(),
        messages: [{ state: 'accepted', kind: 'summons' }],
      }),
      await world.summon({
        startsAt: new Date(HOUR).toISOString(),
        messages: [{ state: 'delivered', kind: 'summons' }],
      }),
      await world.summon({ startsAt: new Date(HOUR).toISOString(), phone: null }),
      await world.summon({ startsAt: new Date(HOUR).toISOString(), refuses: true }),
    ];
    for (const seconds of [30, 60]) {
      await moveClock(database.dataSource, before(2, seconds));
      await world.draw();
    }
    await judge(ids);
    const seen = await database.dataSource.transaction((tx) => world.reach.reachOf(tx, ids));
    const open = 'task-open';
    expect(ids.map((id) => seen.get(id))).toEqual([open, open, 'reached', open, open]);
    const reasons = await Promise.all(ids.map(async (id) => (await world.tasks(id))[0]?.reason));
    expect(reasons).toEqual(['nothing-sent', 'not-confirmed', undefined, 'no-phone', 'sms-refused']);
  });

  it('asks once of whoever has no number or refuses, until an agent has an answer', async () => {
    await moveClock(database.dataSource, before(2));
    const startsAt = new Date(HOUR).toISOString();
    const ids = [
      await world.summon({ startsAt, phone: null }),
      await world.summon({ startsAt, refuses: true }),
    ];
    for (const [seconds, outcome] of [
      [60, 'no-longer-needed'],
      [120, 'could-not-reach'],
    ] as const) {
      await moveClock(database.dataSource, before(2, seconds));
      await world.draw();
      for (const id of ids) await database.dataSource.query(closing(outcome), [id]);
    }
    await moveClock(database.dataSource, before(2, 180));
    await world.draw();
    for (const id of ids)
      expect((await world.tasks(id)).map((task) => task.outcome)).toEqual([
        'no-longer-needed',
        'could-not-reach',
      ]);
  });

  it('believes no text without a receipt, whether one was asked for or not', async () => {
    await moveClock(database.dataSource, before(20));
    const startsAt = new Date(HOUR).toISOString();
    const text = { state: 'accepted', operator: 'link-mobility' } as const;
    const ids = [
      await world.summon({ startsAt, messages: [{ ...text, awaitsReceipt: false }] }),
      await world.summon({ startsAt, messages: [{ ...text, awaitsReceipt: true }] }),
    ];
    await moveClock(database.dataSource, before(4, -40));
    await world.draw();
    const seen = await database.dataSource.transaction((tx) => world.reach.reachOf(tx, ids));
    expect(ids.map((id) => seen.get(id))).toEqual(['task-open', 'task-open']);
    for (const id of ids) expect((await world.tasks(id))[0]?.reason).toBe('not-confirmed');
  });

  it('says of a text of the same day that told of two appointments that it told of both', async () => {
    await moveClock(database.dataSource, before(20));
    const teller = await world.summon({ startsAt: new Date(HOUR).toISOString() });
    const other = await world.summon({ startsAt: new Date(HOUR).toISOString() });
    const text = await world.tell(teller, { state: 'delivered' });
    const merged = await world.tell(other, { state: 'withdrawn' });
    await database.dataSource.query('UPDATE message SET told_by_message_id = $2 WHERE id = $1', [
      merged,
      text,
    ]);
    await moveClock(database.dataSource, before(4, -40));
    await world.draw();
    const seen = await database.dataSource.transaction((tx) => world.reach.reachOf(tx, [teller, other]));
    expect([seen.get(teller), seen.get(other)]).toEqual(['reached', 'reached']);
  });
});

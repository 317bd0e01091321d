import { type DataSource, DataSource as Source, type EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { loadEnv } from '../../config/load-env.js';
import type { CallOutcome } from '../../src/notifications/domain/attempt-results.js';
import { OperatorRouting, type WantedRoute } from '../../src/notifications/sending/operator-routing.js';
import type { Permit } from '../../src/notifications/sending/share-permits.js';
import { databaseOptions } from '../../src/platform/database.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { ToldWorld } from '../support/told-world.js';

const REFUSED: CallOutcome = { result: 'not-sent', errorCode: 'ECONNREFUSED' };
const IN_DOUBT: CallOutcome = { result: 'uncertain', errorCode: '20500' };
const NO_ROUTE: CallOutcome = { result: 'not-sent', errorCode: '21612' };
const ACCEPTED: CallOutcome = { result: 'accepted', operatorMessageId: 'SM1' };

const envWith = (more: Record<string, string> = {}): Readonly<Env> =>
  loadEnv({
    APP_ENV: 'test',
    PUBLIC_BASE_URL: 'http://127.0.0.1:9',
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    SECRET_KEYS: 'k'.repeat(32),
    SMS_PROVIDERS: 'twilio,link-mobility',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_SENDER: 'MonSuiviJus',
    LINK_MOBILITY_ACCOUNT: 'account',
    LINK_MOBILITY_PASSWORD: 'password',
    LINK_MOBILITY_SENDER: 'MonSuiviJus',
    LINK_MOBILITY_API_BASE_URL: 'http://127.0.0.1:9',
    ...more,
  });

describe('which operator takes a text, and when', () => {
  let database: TestDatabase;
  /** A second worker: connections of its own. */
  let other: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    other = await new Source(databaseOptions(database.url, 5, 'msj-test')).initialize();
  });
  afterAll(async () => {
    await other.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    await database.dataSource.query('DELETE FROM operator_state');
    await database.dataSource.query('DELETE FROM territory_setting');
    await clock(0);
  });

  const clock = (seconds: number) =>
    moveClock(database.dataSource, new Date(Date.UTC(2026, 5, 3, 10) + seconds * 1000).toISOString());
  const inTx = <T>(work: (tx: EntityManager) => Promise<T>, source = database.dataSource) =>
    source.transaction(work);
  const texts = (count: number, more: Partial<WantedRoute> = {}): WantedRoute[] =>
    Array.from({ length: count }, (_, index) => ({ messageId: String(index), territory: 'FR', ...more }));
  const ask = async (routing: OperatorRouting, wanted: readonly WantedRoute[], source?: DataSource) => [
    ...(await inTx((tx) => routing.permits(tx, wanted), source)).values(),
  ];
  const tell = (routing: OperatorRouting, operator: string, outcome: CallOutcome, times = 1) =>
    inTx((tx) =>
      routing.observe(
        tx,
        Array.from({ length: times }, () => ({ operator, outcome })),
      ),
    );
  const names = (permits: readonly Permit[]) =>
    permits.map((permit) => (permit.do === 'call' ? permit.operator : permit.reason));
  const circuitOf = async (operator: string) => {
    const rows: { circuit: string }[] = await database.dataSource.query(
      'SELECT circuit FROM operator_state WHERE operator = $1',
      [operator],
    );
    return rows[0]?.circuit;
  };

  it('gives all to the first operator, and to the one its territory prefers', async () => {
    await database.dataSource.query(
      `INSERT INTO territory_setting (territory, operator) VALUES ('RE', 'link-mobility')`,
    );
    const routing = new OperatorRouting(envWith());
    expect(names(await ask(routing, texts(2)))).toEqual(['twilio', 'twilio']);
    expect(names(await ask(routing, texts(1, { territory: 'RE' })))).toEqual(['link-mobility']);
    expect(names(await ask(routing, texts(1, { territory: null })))).toEqual(['twilio']);
    const alone = new OperatorRouting(envWith({ SMS_PROVIDERS: 'twilio' }));
    expect(names(await ask(alone, texts(1, { territory: 'RE' })))).toEqual(['twilio']);
  });

  it('asks nothing of the database while all circuits are closed and every call is good', async () => {
    const routing = new OperatorRouting(envWith());
    await ask(routing, texts(1));
    await inTx(async (tx) => {
      const query = jest.spyOn(tx, 'query');
      for (let batch = 0; batch < 20; batch++) {
        await routing.permits(tx, texts(20), []);
        await routing.observe(
          tx,
          Array.from({ length: 20 }, () => ({ operator: 'twilio', outcome: ACCEPTED })),
        );
      }
      expect(query).not.toHaveBeenCalled();
    });
  });

  it('moves to the second operator when nothing reaches the first, for every worker', async () => {
    const [mine, yours] = [new OperatorRouting(envWith()), new OperatorRouting(envWith())];
    await ask(mine, texts(1));
    await tell(mine, 'twilio', REFUSED, 3);
    expect(names(await ask(mine, texts(2)))).toEqual(['link-mobility', 'link-mobility']);
    expect(names(await ask(yours, texts(2), other))).toEqual(['link-mobility', 'link-mobility']);
    expect(await circuitOf('twilio')).toBe('open');
  });

  it('probes with a few, and comes back once they went well', async () => {
    const routing = new OperatorRouting(envWith());
    await ask(routing, texts(1));
    await tell(routing, 'twilio', REFUSED, 3);
    await clock(16);
    expect(names(await ask(routing, texts(5)))).toEqual([
      'twilio',
      'twilio',
      'twilio',
      'link-mobility',
      'link-mobility',
    ]);
    await tell(routing, 'twilio', ACCEPTED, 3);
    expect(await circuitOf('twilio')).toBe('half-open');
    await clock(61);
    expect(names(await ask(routing, texts(5)))).toEqual(Array.from({ length: 5 }, () => 'twilio'));
    expect(await circuitOf('twilio')).toBe('closed');
  });

  it('waits for the probe when there is no other operator, in order, and never fails', async () => {
    const routing = new OperatorRouting(envWith({ SMS_PROVIDERS: 'twilio' }));
    await ask(routing, texts(1));
    await tell(routing, 'twilio', REFUSED, 3);
    const waiting = await ask(routing, texts(3));
    expect(names(waiting)).toEqual(['circuit-open', 'circuit-open', 'circuit-open']);
    const until = waiting.map((permit) => (permit.do === 'wait' ? permit.until.epochMilliseconds : 0));
    expect(until).toEqual([...until].sort((a, b) => a - b));
    const probeAt = Date.UTC(2026, 5, 3, 10, 0, 15);
    expect(until[0]).toBeGreaterThanOrEqual(probeAt - 1_000);
    expect(until[2]).toBeLessThan(probeAt + 5_000);
    await clock(16);
    expect(names(await ask(routing, texts(4)))).toEqual(['twilio', 'twilio', 'twilio', 'circuit-open']);
  });

  it('adds up the failures of all workers, and their good calls once there is trouble', async () => {
    const workers = [new OperatorRouting(envWith()), new OperatorRouting(envWith())];
    for (const worker of workers) await ask(worker, texts(1));
    for (const worker of workers) await tell(worker, 'twilio', IN_DOUBT, 4);
    expect(await circuitOf('twilio')).toBe('open');
    await database.dataSource.query('DELETE FROM operator_state');
    const [good, bad] = [new OperatorRouting(envWith()), new OperatorRouting(envWith())];
    await ask(good, texts(1));
    await tell(good, 'twilio', ACCEPTED, 20);
    await ask(bad, texts(1));
    await tell(bad, 'twilio', IN_DOUBT, 4);
    // It has seen the trouble, now it tells.
    const seeing = new OperatorRouting(envWith());
    await ask(seeing, texts(1));
    await tell(seeing, 'twilio', ACCEPTED, 20);
    await tell(bad, 'twilio', IN_DOUBT, 6);
    expect(await circuitOf('twilio')).toBe('closed');
  });

  it('keeps what somebody of ours must look at', async () => {
    const routing = new OperatorRouting(envWith());
    await tell(routing, 'twilio', { result: 'not-sent', errorCode: '20003' });
    const rows: unknown[] = await database.dataSource.query(
      `SELECT last_alert, last_error_code, last_alert_at IS NOT NULL AS dated FROM operator_state`,
    );
    expect(rows).toEqual([{ last_alert: '20003', last_error_code: '20003', dated: true }]);
  });

  it('goes on with an operator that does not serve one number, and tells our operators', async () => {
    const routing = new OperatorRouting(envWith());
    await ask(routing, texts(1));
    await tell(routing, 'twilio', NO_ROUTE, 9);
    expect(names(await ask(routing, texts(2)))).toEqual(['twilio', 'twilio']);
    const rows: unknown[] = await database.dataSource.query(
      `SELECT circuit, last_alert FROM operator_state WHERE operator = 'twilio'`,
    );
    expect(rows).toEqual([{ circuit: 'closed', last_alert: '21612' }]);
  });

  describe('a text that was tried before', () => {
    /** A text whose attempts ended so, in this order. */
    const tried = async (
      ...ends: readonly (readonly [operator: string, result: string, errorCode: string | null])[]
    ): Promise<WantedRoute> => {
      const world = await new ToldWorld(database.dataSource).build();
      const convocationId = await world.summon({ startsAt: '2026-06-20T12:00:00Z' });
      const messageId = await world.tell(convocationId, { state: 'queued' });
      for (const [index, [operator, result, errorCode]] of ends.entries())
        await database.dataSource.query(
          `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash,
             body_hash, segments, result, error_code, started_at, real_started_at)
           SELECT gen_random_uuid(), m.id, $2, 'sms', $3, 'Justice', p.phone_id, sha256(gen_random_uuid()::text::bytea),
             sha256('x'), 1, $4, $5, app_now(), now()
             FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
            WHERE m.id = $1`,
          [messageId, index + 1, operator, result, errorCode],
        );
      const person = await world.person(convocationId);
      return {
        messageId,
        territory: 'FR',
        attempts: ends.length,
        phoneId: String(person['phone_id']),
      };
    };
    const permitOf = async (wanted: WantedRoute, more: Record<string, string> = {}) =>
      names(await ask(new OperatorRouting(envWith(more)), [wanted]))[0];

    it('goes to the operator that serves its number', async () => {
      expect(await permitOf(await tried(['twilio', 'not-sent', '21612']))).toBe('link-mobility');
      expect(await permitOf(await tried(['twilio', 'not-sent', '20003']))).toBe('twilio');
      expect(
        await permitOf(await tried(['twilio', 'not-sent', '21408'], ['link-mobility', 'not-sent', '18'])),
      ).toBe('link-mobility');
    });

    it('fails when no operator serves its number, unless it has another one now', async () => {
      const wanted = await tried(['twilio', 'not-sent', '21612']);
      const alone = { SMS_PROVIDERS: 'twilio' };
      expect(await permitOf(wanted, alone)).toBe('no-route');
      expect(await permitOf(wanted, { ...alone, TWILIO_MESSAGES_PER_SECOND: '5' })).toBe('no-route');
      const elsewhere = { ...wanted, phoneId: '00000000-0000-4000-8000-000000000000' };
      expect(await permitOf(elsewhere, alone)).toBe('twilio');
    });

    it('stays with the operator that may have it, and fails when that one does not serve it', async () => {
      expect(await permitOf(await tried(['link-mobility', 'abandoned', '20500']))).toBe('link-mobility');
      expect(
        await permitOf(await tried(['twilio', 'abandoned', '20500'], ['twilio', 'not-sent', '21612'])),
      ).toBe('no-route');
    });

    it('goes to another operator than the one that could not deliver it', async () => {
      const wanted = await tried(['twilio', 'undelivered', '30500']);
      expect(await permitOf(wanted)).toBe('link-mobility');
      expect(await permitOf(wanted, { SMS_PROVIDERS: 'twilio' })).toBe('twilio');
      // The telephone was off: the operator did what it could.
      expect(await permitOf(await tried(['twilio', 'undelivered', '30003']))).toBe('twilio');
    });
  });

  describe('with a pace', () => {
    const paced = (perSecond: string) =>
      new OperatorRouting(envWith({ TWILIO_MESSAGES_PER_SECOND: perSecond }));
    /** One text in twenty seconds: nothing refills while the test runs. */
    const SLOW = '0.05';

    it('lets out no more than the bucket holds, over all workers together', async () => {
      const workers = [paced(SLOW), paced(SLOW), paced(SLOW)];
      const asked = await Promise.all(
        workers.flatMap((worker, index) => [
          ask(worker, texts(10), index === 1 ? other : database.dataSource),
          ask(worker, texts(10), index === 1 ? database.dataSource : other),
        ]),
      );
      const left = names(asked.flat()).filter((name) => name === 'twilio').length;
      expect(left).toBe(1);
      expect(names(asked.flat())).not.toContain('link-mobility');
    });

    it('gives each waiting text a turn of its own, the earliest due first', async () => {
      const wanted = [3, 1, 2, 0].map((index) => ({
        messageId: String(index),
        territory: 'FR',
        dueAt: new Date(Date.UTC(2026, 5, 3, 9, index)),
      }));
      await ask(paced(SLOW), texts(1));
      const permits = await inTx((tx) => paced(SLOW).permits(tx, wanted));
      const turns = [0, 1, 2, 3].map((index) => {
        const permit = permits.get(String(index));
        return permit?.do === 'wait' ? permit.until.epochMilliseconds : -1;
      });
      expect(turns).toEqual([...turns].sort((a, b) => a - b));
      expect(new Set(turns).size).toBe(4);
    });

    it('lets what is due pass before bulk', async () => {
      await ask(paced(SLOW), texts(11, { lane: 1 }));
      const [due] = await ask(paced(SLOW), texts(1));
      const [bulk] = await ask(paced(SLOW), texts(1, { lane: 1 }));
      const turn = (permit: Permit | undefined) =>
        permit?.do === 'wait' ? permit.until.epochMilliseconds : 0;
      expect(turn(bulk) - turn(due)).toBeGreaterThan(100_000);
    });
  });
});

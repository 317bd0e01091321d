import { type OperatorSimulator, startOperatorSimulator } from '../../demo/operator-simulator/simulator.js';
import { Gateways } from '../../src/notifications/providers/gateways.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { RecordReport, type ReportFate } from '../../src/notifications/sending/record-report.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, eventually, startEngine } from '../support/engine.js';
import { aMobile, at, World } from '../support/world.js';
import { contactId, openedContacts } from '../support/contacts.js';

const AUTH_TOKEN = 'the-token-of-the-simulator';

describeBackends('two operators', (backend) => {
  let database: TestDatabase;
  let simulator: OperatorSimulator;
  let engine: Engine;
  let world: World;

  const start = async (more: Record<string, string | undefined> = {}) => {
    database = await createTestDatabase();
    simulator = await startOperatorSimulator({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: AUTH_TOKEN,
      receiptStepMs: 5,
      control: { receipts: false },
    });
    engine = await startEngine(
      database,
      { url: simulator.url, authToken: AUTH_TOKEN },
      {
        REDIS_URL: backend.redisUrl,
        DATABASE_POOL_SIZE: '1',
        SMS_PROVIDERS: 'twilio,link-mobility',
        LINK_MOBILITY_ACCOUNT: `AC${'0'.repeat(32)}`,
        LINK_MOBILITY_PASSWORD: AUTH_TOKEN,
        LINK_MOBILITY_SENDER: 'MonSuiviJus',
        LINK_MOBILITY_API_BASE_URL: simulator.linkUrl,
        ...more,
      },
    );
    world = new World(database.dataSource, engine);
  };
  afterEach(async () => {
    await engine.stop();
    await simulator.stop();
    await database.drop();
  });

  const clock = (seconds: number) =>
    moveClock(
      database.dataSource,
      new Date(Date.parse(at('2026-06-03', '10:00')) + seconds * 1000).toISOString(),
    );
  const summon = (phone = aMobile()) =>
    world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
  const attempts = (): Promise<{ operator: string; result: string }[]> =>
    database.dataSource.query('SELECT operator, result FROM delivery_attempt ORDER BY started_at, number');
  const summonses = async (ids: readonly string[]) =>
    Promise.all(ids.map((id) => world.state(id, 'summons')));

  it('hands over by the second, once each, what surely did not leave by the first, and comes back', async () => {
    await start();
    await clock(0);
    await simulator.control({ down: 'refuse' });
    const phones = Array.from({ length: 12 }, () => aMobile());
    const ids = await Promise.all(phones.map((phone) => summon(phone)));
    await engine.drain();
    // What was tried before the circuit opened comes back after its delay.
    for (const seconds of [16, 48]) {
      await clock(seconds);
      await engine.drain();
    }
    expect(new Set(await summonses(ids))).toEqual(new Set(['accepted']));
    expect(
      simulator
        .messages()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...phones].sort());
    const accepted = (await attempts()).filter(({ result }) => result === 'accepted');
    expect(new Set(accepted.map(({ operator }) => operator))).toEqual(new Set(['link-mobility']));
    await simulator.control({ down: false });
    await clock(600);
    const later = [await summon(), await summon(), await summon()];
    await engine.drain();
    expect(await summonses(later)).toEqual(['accepted', 'accepted', 'accepted']);
    await clock(700);
    await summon();
    await engine.drain();
    expect((await attempts()).at(-1)).toEqual({ operator: 'twilio', result: 'accepted' });
    const rows: { circuit: string }[] = await database.dataSource.query(
      `SELECT circuit FROM operator_state WHERE operator = 'twilio'`,
    );
    expect(rows).toEqual([{ circuit: 'closed' }]);
  });

  it('gives the numbers of a territory to the operator its administrator chose', async () => {
    await start();
    await clock(0);
    await database.dataSource.query(
      `INSERT INTO territory_setting (territory, operator) VALUES ('RE', 'link-mobility')`,
    );
    const [there, here] = ['+262692000010', aMobile()];
    await summon(there);
    await summon(here);
    await database.dataSource.query(`UPDATE person SET phone_territory = 'RE' WHERE phone_id = $1`, [
      await contactId(database.dataSource, there),
    ]);
    await engine.drain();
    const rows: { recipient: string; operator: string }[] = await database.dataSource.query(
      'SELECT recipient_id AS recipient, operator FROM delivery_attempt',
    );
    const numbers = await openedContacts(database.dataSource);
    expect(new Map(rows.map(({ recipient, operator }) => [numbers.get(recipient), operator]))).toEqual(
      new Map([
        [there, 'link-mobility'],
        [here, 'twilio'],
      ]),
    );
  });

  it('keeps the pace of an operator over two workers, and loses nothing', async () => {
    const perSecond = 20;
    const pace = { SMS_PROVIDERS: 'twilio', TWILIO_MESSAGES_PER_SECOND: String(perSecond) };
    await start(pace);
    await clock(0);
    const operator = { url: simulator.url, authToken: AUTH_TOKEN };
    const second = await startEngine(database, operator, { REDIS_URL: backend.redisUrl, ...pace });
    const phones = Array.from({ length: 80 }, () => aMobile());
    for (const phone of phones) await summon(phone);
    await eventually(async () => {
      await engine.run('relay');
      return simulator.messages().length === phones.length;
    });
    await second.stop();
    expect(
      simulator
        .messages()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...phones].sort());
    const times = simulator.messages().map(({ at: taken }) => Date.parse(taken));
    const busiest = Math.max(
      ...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length),
    );
    // One second's worth at once after a silence, one as it refills; the rest is the way to the operator.
    expect(busiest).toBeLessThanOrEqual(3 * perSecond);
  });

  it('tells our operators of a filter that a receipt reports', async () => {
    await start();
    await clock(0);
    await summon();
    await engine.drain();
    const token = newToken();
    await database.dataSource.query('UPDATE delivery_attempt SET token_hash = $1', [digest(token)]);
    const receipt = { operatorMessageId: 'SM1', status: 'undelivered', errorCode: '30007' };
    await database.dataSource.transaction((tx) =>
      engine.module.get(RecordReceipt).execute(tx, token, receipt),
    );
    const rows: unknown[] = await database.dataSource.query(
      'SELECT operator, last_alert FROM operator_state',
    );
    expect(rows).toEqual([{ operator: 'twilio', last_alert: '30007' }]);
  });

  it('never sends by another operator what is in doubt at the first', async () => {
    await start();
    await clock(0);
    const phone = `${aMobile().slice(0, -2)}91`;
    const id = await summon(phone);
    await engine.drain();
    expect(await world.state(id, 'summons')).toBe('uncertain');
    await simulator.control({ down: 'refuse' });
    for (const seconds of [31, 121, 310, 400]) {
      await clock(seconds);
      await engine.run('resolve');
      await engine.drain();
    }
    // Nobody answers the look-ups: the doubt stays, and nothing leaves elsewhere.
    expect(await world.state(id, 'summons')).toBe('uncertain');
    expect(simulator.messages(phone)).toHaveLength(1);
    await simulator.control({ down: false });
    await clock(500);
    await engine.run('resolve');
    // The list tells how far it got.
    expect(['accepted', 'delivered']).toContain(await world.state(id, 'summons'));
    expect(simulator.messages(phone)).toHaveLength(1);
  });

  it('sends once more, after a doubt, only by the operator that may have it already', async () => {
    await start();
    await clock(0);
    const phone = `${aMobile().slice(0, -2)}93`;
    const id = await summon(phone);
    await engine.drain();
    for (const seconds of [31, 121, 301]) {
      await clock(seconds);
      await engine.run('resolve');
    }
    await simulator.control({ down: 'refuse' });
    for (const seconds of [302, 320, 400, 600]) {
      await clock(seconds);
      await engine.drain();
    }
    expect((await world.messages(id))[0]).toMatchObject({ state: 'planned', possible_duplicate: true });
    expect(new Set((await attempts()).map(({ operator }) => operator))).toEqual(new Set(['twilio']));
    expect(simulator.messages()).toEqual([]);
  });

  it('finds at the second look what a lagging list did not show at the first', async () => {
    await start();
    await clock(0);
    await simulator.control({ listLagMs: 3_600_000 });
    const phone = `${aMobile().slice(0, -2)}91`;
    const id = await summon(phone);
    await engine.drain();
    await clock(31);
    await engine.run('resolve');
    expect(await world.state(id, 'summons')).toBe('uncertain');
    await simulator.control({ listLagMs: 0 });
    await clock(121);
    await engine.run('resolve');
    // The list tells how far it got.
    expect(['accepted', 'delivered']).toContain(await world.state(id, 'summons'));
    expect(simulator.messages(phone)).toHaveLength(1);
  });

  it('waits for its only operator, and loses nothing', async () => {
    await start({ SMS_PROVIDERS: 'twilio' });
    await clock(0);
    await simulator.control({ down: 'refuse' });
    const ids = await Promise.all(Array.from({ length: 10 }, () => summon()));
    await engine.drain();
    expect(new Set(await summonses(ids))).toEqual(new Set(['planned']));
    for (const seconds of [20, 70]) {
      await clock(seconds);
      await engine.drain();
      expect(new Set(await summonses(ids))).toEqual(new Set(['planned']));
    }
    await simulator.control({ down: false });
    for (const seconds of [700, 800]) {
      await clock(seconds);
      await engine.drain();
    }
    expect(new Set(await summonses(ids))).toEqual(new Set(['accepted']));
    expect(simulator.messages()).toHaveLength(10);
  });

  describe('an operator that does not serve a number', () => {
    const closed = () =>
      jest
        .spyOn(engine.module.get(Gateways).byOperator('twilio'), 'send')
        .mockResolvedValue({ result: 'not-sent', errorCode: '21612' });

    it('leaves it to the other', async () => {
      await start();
      await clock(0);
      const send = closed();
      const ids = [await summon(), await summon(), await summon(), await summon()];
      await engine.drain();
      await clock(20);
      await engine.drain();
      expect(new Set(await summonses(ids))).toEqual(new Set(['accepted']));
      expect(send).toHaveBeenCalledTimes(4);
      expect(simulator.messages()).toHaveLength(4);
    });

    it('is asked once, and an agent is told when there is no other', async () => {
      await start({ SMS_PROVIDERS: 'twilio' });
      await clock(0);
      const send = closed();
      const id = await summon();
      await engine.drain();
      await clock(20);
      await engine.drain();
      expect((await world.messages(id))[0]).toMatchObject({ state: 'failed', reason: 'no-route' });
      expect(send).toHaveBeenCalledTimes(1);
      await engine.run('follow-up');
      const tasks: unknown[] = await database.dataSource.query(
        'SELECT kind, reason FROM agent_task WHERE convocation_id = $1',
        [id],
      );
      expect(tasks).toEqual([{ kind: 'reach-otherwise', reason: 'not-delivered' }]);
    });
  });

  describe('an operator that keeps no list', () => {
    const alone = { SMS_PROVIDERS: 'link-mobility' };
    const report = (phone: string, id: string, status = 'delivered'): Promise<ReportFate> =>
      database.dataSource.transaction((tx) =>
        engine.module.get(RecordReport).execute(tx, {
          operator: 'link-mobility',
          recipient: phone,
          operatorMessageId: id,
          status,
          errorCode: null,
        }),
      );

    it('sends once more, flagged, five minutes after a doubt', async () => {
      await start(alone);
      await clock(0);
      const phone = `${aMobile().slice(0, -2)}91`;
      const id = await summon(phone);
      await engine.drain();
      for (const seconds of [31, 121]) {
        await clock(seconds);
        await engine.run('resolve');
        expect(await world.state(id, 'summons')).toBe('uncertain');
      }
      await clock(301);
      await engine.run('resolve');
      await engine.drain();
      expect((await world.messages(id))[0]).toMatchObject({ possible_duplicate: true, attempts: 2 });
      expect(simulator.messages(phone)).toHaveLength(2);
    });

    it('ends the doubt by the report alone, when it can belong to no other text', async () => {
      await start(alone);
      await clock(0);
      const phone = `${aMobile().slice(0, -2)}91`;
      const id = await summon(phone);
      await engine.drain();
      const [text] = simulator.messages(phone);
      expect(await report(phone, text?.sid ?? '')).toBe('recorded');
      expect(await world.state(id, 'summons')).toBe('delivered');
      expect(await report(phone, text?.sid ?? '')).toBe('recorded');
      expect(await report(phone, '999')).toBe('unknown');
      await clock(301);
      await engine.run('resolve');
      await engine.drain();
      expect(simulator.messages(phone)).toHaveLength(1);
    });

    it('is asked to say again what comes before our own answer is written', async () => {
      await start(alone);
      await clock(0);
      const phone = aMobile();
      const first = await summon(phone);
      await engine.drain();
      // A second text to the same number is being sent: the report may be of a part of the first.
      await world.book({ date: '2026-06-13', time: '09:30', phone, notify: true });
      await database.dataSource.query(
        `INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash,
           body_hash, segments, started_at, real_started_at)
         SELECT gen_random_uuid(), id, 1, 'sms', 'link-mobility', 'x', $1, 'x', 'x', 1, app_now(), now()
           FROM message WHERE state = 'planned' AND kind = 'summons' LIMIT 1`,
        [await contactId(database.dataSource, phone)],
      );
      expect(await report(phone, '424242')).toBe('too-early');
      expect(await world.state(first, 'summons')).toBe('accepted');
      expect(await report('+33600000010', '424242')).toBe('unknown');
    });
  });
});

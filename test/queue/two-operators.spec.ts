import { Gateways } from '../../src/notifications/providers/gateways.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { OperatorRouting } from '../../src/notifications/sending/operator-routing.js';
import type { Instant } from '../../src/shared/time.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { describeBackends } from '../support/backends.js';
import { eventually, startEngine } from '../support/engine.js';
import { aMobile } from '../support/world.js';
import { AUTH_TOKEN, OperatorsStand } from '../support/operators-stand.js';
import { contactId, openedContacts } from '../support/contacts.js';

describeBackends('two operators', (backend) => {
  const stand = new OperatorsStand(backend.redisUrl);

  const attempts = (): Promise<{ operator: string; result: string }[]> =>
    stand.database.dataSource.query(
      'SELECT operator, result FROM delivery_attempt ORDER BY started_at, number',
    );
  const summonses = async (ids: readonly string[]) =>
    Promise.all(ids.map((id) => stand.world.state(id, 'summons')));

  it('hands over by the second, once each, what surely did not leave by the first, and comes back', async () => {
    await stand.start();
    await stand.clock(0);
    await stand.simulator.control({ down: 'refuse' });
    const phones = Array.from({ length: 12 }, () => aMobile());
    const ids = await Promise.all(phones.map((phone) => stand.summon(phone)));
    await stand.engine.drain();
    // What was tried before the circuit opened comes back after its delay.
    for (const seconds of [16, 48]) {
      await stand.clock(seconds);
      await stand.engine.drain();
    }
    expect(new Set(await summonses(ids))).toEqual(new Set(['accepted']));
    expect(
      stand.simulator
        .messages()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...phones].sort());
    const accepted = (await attempts()).filter(({ result }) => result === 'accepted');
    expect(new Set(accepted.map(({ operator }) => operator))).toEqual(new Set(['link-mobility']));
    await stand.simulator.control({ down: false });
    await stand.clock(600);
    const later = [await stand.summon(), await stand.summon(), await stand.summon()];
    await stand.engine.drain();
    expect(await summonses(later)).toEqual(['accepted', 'accepted', 'accepted']);
    await stand.clock(700);
    await stand.summon();
    await stand.engine.drain();
    expect((await attempts()).at(-1)).toEqual({ operator: 'twilio', result: 'accepted' });
    const rows: { circuit: string }[] = await stand.database.dataSource.query(
      `SELECT circuit FROM operator_state WHERE operator = 'twilio'`,
    );
    expect(rows).toEqual([{ circuit: 'closed' }]);
  });

  it('gives the numbers of a territory to the operator its administrator chose', async () => {
    await stand.start();
    await stand.clock(0);
    await stand.database.dataSource.query(
      `INSERT INTO territory_setting (territory, operator) VALUES ('RE', 'link-mobility')`,
    );
    const [there, here] = ['+262692000010', aMobile()];
    await stand.summon(there);
    await stand.summon(here);
    await stand.database.dataSource.query(`UPDATE person SET phone_territory = 'RE' WHERE phone_id = $1`, [
      await contactId(stand.database.dataSource, there),
    ]);
    await stand.engine.drain();
    const rows: { recipient: string; operator: string }[] = await stand.database.dataSource.query(
      'SELECT recipient_id AS recipient, operator FROM delivery_attempt',
    );
    const numbers = await openedContacts(stand.database.dataSource);
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
    await stand.start(pace);
    await stand.clock(0);
    const operator = { url: stand.simulator.url, authToken: AUTH_TOKEN };
    const second = await startEngine(stand.database, operator, { REDIS_URL: backend.redisUrl, ...pace });
    const turns: Instant[] = [];
    for (const { module } of [stand.engine, second]) noteTurns(module.get(OperatorRouting), turns);
    const phones = Array.from({ length: 80 }, () => aMobile());
    for (const phone of phones) await stand.summon(phone);
    await eventually(async () => {
      await stand.engine.run('relay');
      return stand.simulator.messages().length === phones.length;
    });
    await second.stop();
    expect(
      stand.simulator
        .messages()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([...phones].sort());
    // The turns that were given out, in the clock of the database: a slow machine takes them later, never earlier.
    const times = turns.map(({ epochMilliseconds }) => epochMilliseconds);
    expect(times).toHaveLength(phones.length);
    const busiest = Math.max(
      ...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length),
    );
    expect(busiest).toBeLessThanOrEqual(1.1 * perSecond + 1);
  });

  /** Adds the turn of each text that may leave, as it is given out. */
  function noteTurns(routing: OperatorRouting, turns: Instant[]): void {
    const permits = routing.permits.bind(routing);
    jest.spyOn(routing, 'permits').mockImplementation(async (tx, wanted) => {
      const given = await permits(tx, wanted);
      for (const permit of given.values())
        if (permit.do === 'call' && permit.turn) turns.push(permit.turn.at);
      return given;
    });
  }

  it('tells our operators of a filter that a receipt reports', async () => {
    await stand.start();
    await stand.clock(0);
    await stand.summon();
    await stand.engine.drain();
    const token = newToken();
    await stand.database.dataSource.query('UPDATE delivery_attempt SET token_hash = $1', [digest(token)]);
    const receipt = { operatorMessageId: 'SM1', status: 'undelivered', errorCode: '30007' };
    await stand.database.dataSource.transaction((tx) =>
      stand.engine.module.get(RecordReceipt).execute(tx, token, receipt),
    );
    const rows: unknown[] = await stand.database.dataSource.query(
      'SELECT operator, last_alert FROM operator_state',
    );
    expect(rows).toEqual([{ operator: 'twilio', last_alert: '30007' }]);
  });

  it('never sends by another operator what is in doubt at the first', async () => {
    await stand.start();
    await stand.clock(0);
    const phone = `${aMobile().slice(0, -2)}91`;
    const id = await stand.summon(phone);
    await stand.engine.drain();
    expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    await stand.simulator.control({ down: 'refuse' });
    for (const seconds of [31, 121, 310, 400]) {
      await stand.clock(seconds);
      await stand.engine.run('resolve');
      await stand.engine.drain();
    }
    // Nobody answers the look-ups: the doubt stays, and nothing leaves elsewhere.
    expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    expect(stand.simulator.messages(phone)).toHaveLength(1);
    await stand.simulator.control({ down: false });
    await stand.clock(500);
    await stand.engine.run('resolve');
    // The list tells how far it got.
    expect(['accepted', 'delivered']).toContain(await stand.world.state(id, 'summons'));
    expect(stand.simulator.messages(phone)).toHaveLength(1);
  });

  it('sends once more, after a doubt, only by the operator that may have it already', async () => {
    await stand.start();
    await stand.clock(0);
    const phone = `${aMobile().slice(0, -2)}93`;
    const id = await stand.summon(phone);
    await stand.engine.drain();
    for (const seconds of [31, 121, 301]) {
      await stand.clock(seconds);
      await stand.engine.run('resolve');
    }
    await stand.simulator.control({ down: 'refuse' });
    for (const seconds of [302, 320, 400, 600]) {
      await stand.clock(seconds);
      await stand.engine.drain();
    }
    expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'planned', possible_duplicate: true });
    expect(new Set((await attempts()).map(({ operator }) => operator))).toEqual(new Set(['twilio']));
    expect(stand.simulator.messages()).toEqual([]);
  });

  it('finds at the second look what a lagging list did not show at the first', async () => {
    await stand.start();
    await stand.clock(0);
    await stand.simulator.control({ listLagMs: 3_600_000 });
    const phone = `${aMobile().slice(0, -2)}91`;
    const id = await stand.summon(phone);
    await stand.engine.drain();
    await stand.clock(31);
    await stand.engine.run('resolve');
    expect(await stand.world.state(id, 'summons')).toBe('uncertain');
    await stand.simulator.control({ listLagMs: 0 });
    await stand.clock(121);
    await stand.engine.run('resolve');
    // The list tells how far it got.
    expect(['accepted', 'delivered']).toContain(await stand.world.state(id, 'summons'));
    expect(stand.simulator.messages(phone)).toHaveLength(1);
  });

  it('waits for its only operator, and loses nothing', async () => {
    await stand.start({ SMS_PROVIDERS: 'twilio' });
    await stand.clock(0);
    await stand.simulator.control({ down: 'refuse' });
    const ids = await Promise.all(Array.from({ length: 10 }, () => stand.summon()));
    await stand.engine.drain();
    expect(new Set(await summonses(ids))).toEqual(new Set(['planned']));
    for (const seconds of [20, 70]) {
      await stand.clock(seconds);
      await stand.engine.drain();
      expect(new Set(await summonses(ids))).toEqual(new Set(['planned']));
    }
    await stand.simulator.control({ down: false });
    for (const seconds of [700, 800]) {
      await stand.clock(seconds);
      await stand.engine.drain();
    }
    expect(new Set(await summonses(ids))).toEqual(new Set(['accepted']));
    expect(stand.simulator.messages()).toHaveLength(10);
  });

  describe('an operator that does not serve a number', () => {
    const closed = () =>
      jest
        .spyOn(stand.engine.module.get(Gateways).byOperator('twilio'), 'send')
        .mockResolvedValue({ result: 'not-sent', errorCode: '21612' });

    it('leaves it to the other', async () => {
      await stand.start();
      await stand.clock(0);
      const send = closed();
      const ids = [await stand.summon(), await stand.summon(), await stand.summon(), await stand.summon()];
      await stand.engine.drain();
      await stand.clock(20);
      await stand.engine.drain();
      expect(new Set(await summonses(ids))).toEqual(new Set(['accepted']));
      expect(send).toHaveBeenCalledTimes(4);
      expect(stand.simulator.messages()).toHaveLength(4);
    });

    it('is asked once, and an agent is told when there is no other', async () => {
      await stand.start({ SMS_PROVIDERS: 'twilio' });
      await stand.clock(0);
      const send = closed();
      const id = await stand.summon();
      await stand.engine.drain();
      await stand.clock(20);
      await stand.engine.drain();
      expect((await stand.world.messages(id))[0]).toMatchObject({ state: 'failed', reason: 'no-route' });
      expect(send).toHaveBeenCalledTimes(1);
      await stand.engine.run('follow-up');
      const tasks: unknown[] = await stand.database.dataSource.query(
        'SELECT kind, reason FROM agent_task WHERE convocation_id = $1',
        [id],
      );
      expect(tasks).toEqual([{ kind: 'reach-otherwise', reason: 'not-delivered' }]);
    });
  });
});

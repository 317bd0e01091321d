import { Readable } from 'node:stream';
import { readReturned } from '../../src/cli/mail-returned.command.js';
import { ReachQueries } from '../../src/notifications/follow-up/reach.query.js';
import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { BadRelay } from '../support/bad-relay.js';
import { contactId } from '../support/contacts.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, eventually, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { aDeliveryReport } from '../support/returned-mails.js';
import { at, World } from '../support/world.js';

const RETURNS = 'retours@msj.example';

describe('a mail relay that misbehaves', () => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let relay: BadRelay;
  let engine: Engine;
  let world: World;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    relay = await new BadRelay().start();
    engine = await startEngine(database, operator, {
      SMTP_URL: relay.smtpUrl,
      MAIL_FROM: 'Mon Suivi Justice <no-reply@msj.example>',
      MAIL_RETURN_ADDRESS: RETURNS,
    });
    world = new World(database.dataSource, engine);
  });
  afterEach(() => {
    relay.behaviour = () => 'accept';
  });
  afterAll(async () => {
    await engine.stop();
    await relay.stop();
    await operator.stop();
    await database.drop();
  });

  /** Somebody without a telephone, summoned at once. */
  async function summoned(email: string, day: string): Promise<string> {
    await moveClock(database.dataSource, at(day, '10:00'));
    const date = day.replace('2026-06', '2026-07');
    const id = await world.book({ date, time: '09:30', phone: null, email, notify: true });
    await database.dataSource.query(
      `INSERT INTO person_organization (person_id, organization_id)
       SELECT person_id, organization_id FROM convocation WHERE id = $1`,
      [id],
    );
    await engine.run('relay');
    await left(id);
    return id;
  }

  /** The call has ended, whatever came of it. */
  async function left(id: string): Promise<void> {
    await eventually(async () => !['queued', 'sending'].includes((await summons(id)).state));
  }

  async function summons(id: string) {
    const found = (await world.messages(id)).find(({ kind }) => kind === 'summons');
    if (found === undefined) throw new Error('no summons');
    return found;
  }

  async function attempts(id: string): Promise<{ result: string; code: string | null }[]> {
    return database.dataSource.query(
      `SELECT a.result, a.error_code AS code FROM delivery_attempt a JOIN message m ON m.id = a.message_id
        WHERE m.convocation_id = $1 AND m.kind = 'summons' ORDER BY a.number`,
      [id],
    );
  }

  async function tasks(id: string): Promise<{ kind: string; reason: string; outcome: string | null }[]> {
    return database.dataSource.query(
      `SELECT kind, reason, outcome FROM agent_task
        WHERE person_id = (SELECT person_id FROM convocation WHERE id = $1) ORDER BY opened_at, kind`,
      [id],
    );
  }

  it('and closes the connection on a text it took leaves a doubt, not a second mail', async () => {
    relay.behaviour = () => 'take-then-cut';
    const email = 'cut-after@example.org';
    const id = await summoned(email, '2026-06-01');
    expect(await summons(id)).toMatchObject({ state: 'uncertain', possible_duplicate: false });
    relay.behaviour = () => 'accept';
    await moveClock(database.dataSource, at('2026-06-01', '10:02'));
    for (const task of ['sweep', 'resolve'] as const) await engine.run(task);
    await engine.drain();
    expect(relay.to(email)).toHaveLength(1);
    await moveClock(database.dataSource, at('2026-06-01', '10:06'));
    await engine.run('resolve');
    await engine.drain();
    expect(relay.to(email)).toHaveLength(2);
    expect(await summons(id)).toMatchObject({ state: 'accepted', possible_duplicate: true });
  });

  it('and closes it before the text is asked again, without a doubt', async () => {
    relay.behaviour = (_to, nth) => (nth === 1 ? 'cut-before-text' : 'accept');
    const email = 'cut-before@example.org';
    const id = await summoned(email, '2026-06-02');
    await moveClock(database.dataSource, at('2026-06-02', '10:01'));
    await engine.drain();
    expect(relay.to(email)).toHaveLength(1);
    expect(await summons(id)).toMatchObject({ state: 'accepted', possible_duplicate: false });
  });

  it('and does not like our account is asked again later: the person is not to blame', async () => {
    relay.behaviour = () => 'refuse-sender';
    const email = 'our-account@example.org';
    const id = await summoned(email, '2026-06-03');
    expect(await attempts(id)).toEqual([{ result: 'not-sent', code: '5.7.1' }]);
    relay.behaviour = () => 'accept';
    await moveClock(database.dataSource, at('2026-06-03', '10:01'));
    await engine.drain();
    expect(relay.to(email)).toHaveLength(1);
    expect((await summons(id)).state).toBe('accepted');
  });

  it.each([
    ['defer-recipient', 'later-recipient@example.org', '2026-06-04', '4.2.1'],
    ['defer-text', 'later-text@example.org', '2026-06-05', '4.3.0'],
  ] as const)(
    'and asks for patience (%s) is asked until it is too late, then an agent is',
    async (how, email, day, code) => {
      relay.behaviour = () => how;
      const id = await summoned(email, day);
      expect((await summons(id)).state).toBe('planned');
      await moveClock(database.dataSource, at(day.replace('2026-06', '2026-07'), '08:31'));
      await engine.run('sweep');
      await engine.run('follow-up');
      expect((await attempts(id)).at(-1)).toEqual({ result: 'not-sent', code });
      expect((await summons(id)).state).toBe('expired');
      expect(await tasks(id)).toContainEqual({ kind: 'reach-otherwise', reason: 'too-late', outcome: null });
    },
  );

  it('and refuses the text itself leaves it to an agent, before the appointment', async () => {
    relay.behaviour = () => 'refuse-text';
    const id = await summoned('refused-text@example.org', '2026-06-06');
    await engine.run('follow-up');
    expect(await summons(id)).toMatchObject({ state: 'failed', reason: 'operator-refused' });
    expect(await tasks(id)).toEqual([{ kind: 'reach-otherwise', reason: 'email-refused', outcome: null }]);
  });

  it('and knows no such mailbox: an agent is asked, and nothing leaves to that address any more', async () => {
    relay.behaviour = () => 'refuse-recipient';
    const email = 'nobody@example.org';
    const id = await summoned(email, '2026-06-08');
    await engine.run('follow-up');
    expect(await attempts(id)).toEqual([{ result: 'refused', code: '5.1.1' }]);
    expect(await tasks(id)).toEqual([
      { kind: 'correct-address', reason: 'wrong-address', outcome: null },
      { kind: 'reach-otherwise', reason: 'email-refused', outcome: null },
    ]);
    relay.behaviour = () => 'accept';
    await moveClock(database.dataSource, at('2026-07-07', '09:30'));
    await engine.drain();
    await engine.run('follow-up');
    expect(relay.askedFor(email)).toBe(1);
    expect((await world.messages(id)).find(({ kind }) => kind === 'reminder')).toMatchObject({
      state: 'suppressed',
    });
  });

  describe('and takes an e-mail that comes back', () => {
    const env = () => ({
      DATABASE_URL: database.url,
      SECRET_KEYS: ['k'.repeat(32)],
      MAIL_RETURN_ADDRESS: RETURNS,
    });
    const returned = (address: string, mail: string) => readReturned(env(), address, Readable.from([mail]));
    const addressOf = (email: string) => relay.to(email).at(-1)?.from ?? '';
    const reachOf = async (id: string) => {
      const queries = engine.module.get(ReachQueries);
      return (await database.dataSource.transaction((tx) => queries.reachOf(tx, [id]))).get(id);
    };

    it('leaves it to an agent before the appointment, once, and flags the address', async () => {
      const email = 'returned@example.org';
      const id = await summoned(email, '2026-06-09');
      await engine.run('follow-up');
      expect(await reachOf(id)).toBe('reached-by-email');
      expect(addressOf(email)).toMatch(/^retours\+[0-9a-f]{32}@msj\.example$/);
      for (let time = 0; time < 2; time++) {
        expect(await returned(addressOf(email), aDeliveryReport())).toBe('recorded');
        await engine.run('follow-up');
      }
      expect(await summons(id)).toMatchObject({ state: 'undelivered' });
      expect(await attempts(id)).toEqual([{ result: 'undelivered', code: '5.1.1' }]);
      expect(await tasks(id)).toEqual([
        { kind: 'correct-address', reason: 'wrong-address', outcome: null },
        { kind: 'reach-otherwise', reason: 'email-returned', outcome: null },
      ]);
      expect(await reachOf(id)).toBe('task-open');
    });

    it('opens the task again that its taking had closed', async () => {
      await moveClock(database.dataSource, at('2026-06-10', '10:00'));
      const email = 'returned-after-text@example.org';
      const id = await world.book({ date: '2026-07-10', time: '09:30', email, notify: true });
      await engine.drain();
      const [operatorMessage] = operator.accepted.slice(-1);
      await database.dataSource.query(
        `UPDATE person SET email_id = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
        [id],
      );
      const token = operatorMessage?.callback?.split('/').at(-1) ?? '';
      const receipt = {
        operatorMessageId: operatorMessage?.sid ?? '',
        status: 'undelivered',
        errorCode: '30007',
      };
      await database.dataSource.transaction((tx) =>
        engine.module.get(RecordReceipt).execute(tx, token, receipt),
      );
      await engine.run('follow-up');
      expect(await tasks(id)).toEqual([{ kind: 'reach-otherwise', reason: 'filtered', outcome: null }]);
      await database.dataSource.query(
        `UPDATE person SET email_id = $2 WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
        [id, await contactId(database.dataSource, email)],
      );
      await engine.run('follow-up');
      await engine.drain();
      await engine.run('follow-up');
      const closed = { kind: 'reach-otherwise', reason: 'filtered', outcome: 'no-longer-needed' };
      expect(await tasks(id)).toEqual([closed]);
      const said: { by: string | null }[] = await database.dataSource.query(
        `SELECT detail->>'by' AS by FROM history_entry WHERE convocation_id = $1 AND event = 'task.closed'`,
        [id],
      );
      expect(said).toEqual([{ by: 'email' }]);
      expect(await returned(addressOf(email), aDeliveryReport({ status: '5.2.2' }))).toBe('recorded');
      await engine.run('follow-up');
      expect(await tasks(id)).toEqual([
        closed,
        { kind: 'reach-otherwise', reason: 'email-returned', outcome: null },
      ]);
    });

    it('asks nothing of anybody once the hour is over', async () => {
      const email = 'returned-late@example.org';
      const id = await summoned(email, '2026-06-11');
      await database.dataSource.query(
        `UPDATE message SET state = 'withdrawn' WHERE convocation_id = $1 AND kind = 'reminder'`,
        [id],
      );
      await moveClock(database.dataSource, at('2026-07-11', '10:00'));
      expect(await returned(addressOf(email), aDeliveryReport({ status: '4.4.7' }))).toBe('recorded');
      await engine.run('follow-up');
      expect((await summons(id)).state).toBe('undelivered');
      expect(await tasks(id)).toEqual([]);
    });

    it('changes nothing while it is only late, or when it is no report', async () => {
      const email = 'late@example.org';
      const id = await summoned(email, '2026-06-12');
      const delayed = aDeliveryReport({ action: 'delayed', status: '4.4.1' });
      expect(await returned(addressOf(email), delayed)).toBe('nothing-to-record');
      expect(await returned(addressOf(email), 'Subject: absent\n\nStatus: 5.1.1')).toBe('nothing-to-record');
      expect(await returned(addressOf(email), aDeliveryReport({ recipient: 'x' }))).toBe('malformed');
      expect(await returned(addressOf(email), aDeliveryReport().repeat(300))).toBe('malformed');
      expect((await summons(id)).state).toBe('accepted');
    });

    it('is believed from its own return address only, in capitals too', async () => {
      const email = 'capitals@example.org';
      const id = await summoned(email, '2026-06-13');
      const address = addressOf(email);
      for (const forged of [
        address.replace(/\+[0-9a-f]/, (start) => (start === '+0' ? '+1' : '+0')),
        address.replace('msj.example', 'elsewhere.example'),
        'retours@msj.example',
        email,
      ])
        expect(await returned(forged, aDeliveryReport())).toBe('unknown');
      expect((await summons(id)).state).toBe('accepted');
      expect(await returned(address.toUpperCase(), aDeliveryReport())).toBe('recorded');
    });

    it('ends a doubt: what came back was taken', async () => {
      relay.behaviour = () => 'take-then-cut';
      const email = 'doubt-returned@example.org';
      const id = await summoned(email, '2026-06-15');
      expect((await summons(id)).state).toBe('uncertain');
      expect(await returned(addressOf(email), aDeliveryReport())).toBe('recorded');
      await engine.run('follow-up');
      expect(await tasks(id)).toContainEqual({
        kind: 'reach-otherwise',
        reason: 'email-returned',
        outcome: null,
      });
      expect(relay.to(email)).toHaveLength(1);
    });

    it('is not read where no return address is set', async () => {
      const off = { DATABASE_URL: database.url, SECRET_KEYS: ['k'.repeat(32)] };
      expect(await readReturned(off, 'retours@msj.example', Readable.from(['']))).toBe('off');
    });

    it('flags an address at the third e-mail in a row', async () => {
      const email = 'full@example.org';
      const ids = [];
      for (const day of ['2026-06-16', '2026-06-17', '2026-06-18']) {
        const id = await summoned(email, day);
        ids.push(id);
        await returned(addressOf(email), aDeliveryReport({ status: '5.2.2' }));
        await engine.run('follow-up');
      }
      const flags: { reason: string | null }[] = await database.dataSource.query(
        `SELECT email_flag_reason AS reason FROM person WHERE email_id = $1`,
        [await contactId(database.dataSource, email)],
      );
      expect(flags.map(({ reason }) => reason)).toEqual(Array(3).fill('three-returns'));
      expect(await tasks(ids[0] ?? '')).toContainEqual({
        kind: 'correct-address',
        reason: 'three-returns',
        outcome: null,
      });
    });
  });
});

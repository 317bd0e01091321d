import { BadRelay } from '../support/bad-relay.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, eventually, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { at, World } from '../support/world.js';

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
});

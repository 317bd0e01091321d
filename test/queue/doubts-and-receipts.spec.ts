import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { type Engine, PUBLIC_BASE_URL, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { aMobile, at, World } from '../support/world.js';

jest.setTimeout(120_000);

describeBackends('a text whose fate is learnt later', (backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engine: Engine;
  let world: World;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    // One connection: a task or a send that held two would wait for itself.
    engine = await startEngine(database, operator, { REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });
    world = new World(database.dataSource, engine);
  });
  afterAll(async () => {
    await engine.stop();
    await operator.stop();
    await database.drop();
  });
  beforeEach(() => {
    operator.behaviour = () => 'accept';
    operator.listAnswers = true;
  });

  const clock = (date: string, time: string, zone = 'Europe/Paris', minutes = 0) =>
    moveClock(database.dataSource, at(date, time, zone, minutes));
  const token = (index: number) =>
    operator.accepted[index]?.callback?.replace(`${PUBLIC_BASE_URL}/hooks/twilio/status/`, '') ?? '';

  it.each(['accept-then-500', 'accept-then-reset'] as const)(
    'adopts what the operator took: %s',
    async (behaviour) => {
      await clock('2026-06-03', '10:00');
      operator.behaviour = () => behaviour;
      const phone = aMobile();
      const id = await world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
      await engine.drain();
      expect(await world.state(id, 'summons')).toBe('uncertain');
      await clock('2026-06-03', '10:00', 'Europe/Paris', 1);
      await engine.run('resolve');
      expect(await world.state(id, 'summons')).toBe('accepted');
      await clock('2026-06-03', '10:20');
      await engine.run('resolve');
      await engine.drain();
      expect(operator.to(phone)).toHaveLength(1);
    },
  );

  it('sends once more, flagged, what the operator never had, and expires it when in doubt again', async () => {
    await clock('2026-06-03', '11:00');
    operator.behaviour = () => 'refuse-500';
    const phone = aMobile();
    const id = await world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await engine.drain();
    for (const minutes of [1, 3]) {
      await clock('2026-06-03', '11:00', 'Europe/Paris', minutes);
      await engine.run('resolve');
      expect(await world.state(id, 'summons')).toBe('uncertain');
    }
    await clock('2026-06-03', '11:06');
    await engine.run('resolve');
    await engine.drain();
    const [again] = await world.messages(id);
    expect(again).toMatchObject({ state: 'uncertain', possible_duplicate: true, attempts: 2 });
    for (const minutes of [7, 9, 12]) {
      await clock('2026-06-03', '11:00', 'Europe/Paris', minutes);
      await engine.run('resolve');
    }
    expect((await world.messages(id))[0]).toMatchObject({ state: 'expired', reason: 'in-doubt-twice' });
    expect(operator.to(phone)).toHaveLength(0);
  });

  it('decides nothing while the operator does not show its list', async () => {
    await clock('2026-06-03', '12:00');
    operator.behaviour = () => 'accept-then-500';
    operator.listAnswers = false;
    const phone = aMobile();
    const id = await world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await engine.drain();
    await clock('2026-06-03', '12:10');
    await engine.run('resolve');
    expect(await world.state(id, 'summons')).toBe('uncertain');
    operator.listAnswers = true;
    await clock('2026-06-03', '12:12');
    await engine.run('resolve');
    expect(await world.state(id, 'summons')).toBe('accepted');
    expect(operator.to(phone)).toHaveLength(1);
  });

  it('reaches the same end whatever the order and the number of receipts', async () => {
    await clock('2026-06-04', '10:00');
    const statuses = ['queued', 'sent', 'delivered'];
    for (const order of permutations([...statuses, 'delivered'])) {
      const id = await world.book({ date: '2026-06-12', time: '09:30', notify: true });
      await engine.drain();
      const index = operator.accepted.length - 1;
      for (const status of order) await receive(token(index), operator.accepted[index]?.sid ?? '', status);
      expect(await world.state(id, 'summons')).toBe('delivered');
    }
  });

  it('keeps the first of two conflicting ends and shows the other', async () => {
    await clock('2026-06-04', '11:00');
    const id = await world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await engine.drain();
    const index = operator.accepted.length - 1;
    const sid = operator.accepted[index]?.sid ?? '';
    await receive(token(index), sid, 'delivered');
    await receive(token(index), sid, 'failed');
    expect(await world.state(id, 'summons')).toBe('delivered');
    const rows: { conflicting_status: string }[] = await database.dataSource.query(
      'SELECT conflicting_status FROM delivery_attempt WHERE operator_message_id = $1',
      [sid],
    );
    expect(rows[0]?.conflicting_status).toBe('failed');
  });

  it('adopts a doubtful send from its receipt alone', async () => {
    await clock('2026-06-04', '12:00');
    operator.behaviour = () => 'accept-then-500';
    const id = await world.book({ date: '2026-06-12', time: '09:30', notify: true });
    await engine.drain();
    const index = operator.accepted.length - 1;
    await receive(token(index), operator.accepted[index]?.sid ?? '', 'sent');
    expect(await world.state(id, 'summons')).toBe('accepted');
    expect(await receive('x'.repeat(22), 'SM1', 'sent')).toBe(false);
  });

  it('finds again what was claimed and lost by the queue', async () => {
    await clock('2026-06-05', '10:00');
    const phone = aMobile();
    const id = await world.book({ date: '2026-06-12', time: '09:30', phone, notify: true });
    await database.dataSource.query(
      `UPDATE message SET state = 'queued', claim_epoch = 1, claimed_at = app_now() WHERE convocation_id = $1 AND kind = 'summons'`,
      [id],
    );
    await engine.run('sweep');
    expect(await world.state(id, 'summons')).toBe('queued');
    await clock('2026-06-05', '10:06');
    await engine.run('sweep');
    await engine.drain();
    expect(await world.state(id, 'summons')).toBe('accepted');
    expect(operator.to(phone)).toHaveLength(1);
  });

  async function receive(tokenOfAttempt: string, sid: string, status: string): Promise<boolean> {
    const useCase = engine.module.get(RecordReceipt);
    return database.dataSource.transaction((tx) =>
      useCase.execute(tx, tokenOfAttempt, { operatorMessageId: sid, status, errorCode: null }),
    );
  }
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_other, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

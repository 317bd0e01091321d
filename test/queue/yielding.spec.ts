import { DataSource } from 'typeorm';
import { PrepareSends } from '../../src/notifications/sending/prepare-sends.js';
import { Transaction } from '../../src/platform/transaction.js';
import { describeBackends } from '../support/backends.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { eventually, type Engine, startEngine } from '../support/engine.js';
import { PlainOperator } from '../support/plain-operator.js';
import { aMobile, at, World } from '../support/world.js';

interface Row {
  id: string;
  state: string;
  reason: string | null;
  due_at: Date;
  told_by_message_id: string | null;
}

describeBackends('a reminder and what the person was told around it', (backend) => {
  let database: TestDatabase;
  let operator: PlainOperator;
  let engines: Engine[];
  let world: World;

  beforeAll(async () => {
    database = await createTestDatabase();
    operator = new PlainOperator();
    await operator.start();
    const more = { REDIS_URL: backend.redisUrl };
    engines = [await startEngine(database, operator, more), await startEngine(database, operator, more)];
    world = new World(database.dataSource, engine());
  });
  afterAll(async () => {
    for (const one of engines) await one.stop();
    await operator.stop();
    await database.drop();
  });
  beforeEach(() => {
    operator.behaviour = () => 'accept';
  });

  const engine = (): Engine => {
    const [first] = engines;
    if (first === undefined) throw new Error('no engine');
    return first;
  };
  const clock = (date: string, time: string) => moveClock(database.dataSource, at(date, time));
  const reminder = async (convocationId: string): Promise<Row | undefined> => {
    const rows: Row[] = await database.dataSource.query(
      `SELECT * FROM message WHERE convocation_id = $1 AND kind = 'reminder' ORDER BY occurrence LIMIT 1`,
      [convocationId],
    );
    return rows[0];
  };
  const twoThatDay = async (day: string) => {
    const phone = aMobile();
    const personId = await world.person({ phone });
    const morning = await world.book({ date: day, time: '09:30', personId });
    const afternoon = await world.book({ date: day, time: '14:00', personId, placeName: 'TJ Nanterre' });
    return { phone, morning, afternoon };
  };

  it('says the appointments of one day in one text', async () => {
    await clock('2026-06-01', '10:00');
    const { phone, morning, afternoon } = await twoThatDay('2026-06-10');
    await clock('2026-06-09', '09:30');
    await engine().drain();
    await clock('2026-06-09', '19:00');
    await engine().drain();
    expect(operator.to(phone)).toHaveLength(1);
    const body = operator.to(phone)[0]?.body ?? '';
    for (const said of ['9h30', '14h00', 'TJ Nanterre']) expect(body).toContain(said);
    expect(await reminder(afternoon)).toMatchObject({
      state: 'withdrawn',
      reason: 'told-same-day',
      told_by_message_id: (await reminder(morning))?.id,
    });
  });

  it('says again, when it is tried again, what it had to say for the others', async () => {
    await clock('2026-06-11', '10:00');
    const { phone } = await twoThatDay('2026-06-20');
    operator.behaviour = (_to, nth) => (nth === 1 ? 'refuse-429' : 'accept');
    await clock('2026-06-19', '09:30');
    await engine().drain();
    await clock('2026-06-19', '09:35');
    await engine().drain();
    expect(operator.to(phone).map(({ body }) => body.includes('14h00'))).toEqual([true]);
  });

  it('loses nothing when the text that was to say it does not leave', async () => {
    await clock('2026-06-11', '11:00');
    const { phone, morning, afternoon } = await twoThatDay('2026-06-21');
    operator.behaviour = () => 'refuse-429';
    await clock('2026-06-20', '09:30');
    await engine().drain();
    expect((await reminder(afternoon))?.state).toBe('withdrawn');
    await database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`,
      [morning],
    );
    await world.plan(morning, 'cancelled', false);
    operator.behaviour = () => 'accept';
    await clock('2026-06-20', '14:00');
    await engine().drain();
    expect(operator.to(phone).map(({ body }) => [body.includes('9h30'), body.includes('14h00')])).toEqual([
      [false, true],
    ]);
    expect((await reminder(afternoon))?.state).toBe('accepted');
  });

  it('leaves alone the appointments of another day, of another person and those that no longer hold', async () => {
    await clock('2026-06-22', '10:00');
    const phone = aMobile();
    const personId = await world.person({ phone });
    const told = await world.book({ date: '2026-07-02', time: '09:30', personId });
    const nextDay = await world.book({ date: '2026-07-03', time: '09:45', personId });
    const cancelled = await world.book({ date: '2026-07-02', time: '11:00', personId });
    const stranger = await world.book({ date: '2026-07-02', time: '16:00' });
    await database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`,
      [cancelled],
    );
    await clock('2026-07-01', '09:30');
    await engine().drain();
    expect(operator.to(phone).map(({ body }) => body.includes('11h00'))).toEqual([false]);
    expect((await reminder(told))?.state).toBe('accepted');
    for (const id of [nextDay, stranger]) expect((await reminder(id))?.state).toBe('planned');
  });

  it('waits three hours after a text about something else', async () => {
    await clock('2026-07-05', '10:00');
    const phone = aMobile();
    const personId = await world.person({ phone });
    const soon = await world.book({ date: '2026-07-15', time: '09:30', personId });
    await clock('2026-07-14', '09:00');
    await world.book({ date: '2026-08-20', time: '16:00', personId, notify: true });
    await engine().drain();
    await clock('2026-07-14', '09:30');
    await engine().drain();
    expect(operator.to(phone)).toHaveLength(1);
    expect((await reminder(soon))?.state).toBe('planned');
    expect((await reminder(soon))?.due_at.getTime()).toBeGreaterThanOrEqual(
      Date.parse(at('2026-07-14', '12:00')),
    );
    await clock('2026-07-14', '12:01');
    await engine().drain();
    expect(operator.to(phone)).toHaveLength(2);
    expect((await reminder(soon))?.state).toBe('accepted');
  });

  it('does not repeat what an outage made late', async () => {
    await clock('2026-07-20', '10:00');
    const phone = aMobile();
    const id = await world.book({ date: '2026-07-30', time: '09:30', phone, offsets: [2, 1] });
    await clock('2026-07-29', '10:00');
    await engine().drain();
    expect(operator.to(phone)).toHaveLength(1);
    const states = (await world.messages(id)).map(({ state, reason }) => [state, reason]);
    expect(states).toContainEqual(['accepted', null]);
    expect(states).toContainEqual(['withdrawn', 'told-just-before']);
  });

  it('keeps to the texts a week of the plan, and never gives up the last reminder', async () => {
    await clock('2026-08-01', '10:00');
    const phone = aMobile();
    const id = await world.book({
      date: '2026-08-11',
      time: '09:30',
      phone,
      offsets: [3, 2, 1],
      weeklyLimit: 1,
    });
    for (const day of ['08', '09', '10']) {
      await clock(`2026-08-${day}`, '09:30');
      await engine().drain();
    }
    expect((await world.messages(id)).map(({ state, reason }) => [state, reason])).toEqual([
      ['accepted', null],
      ['withdrawn', 'weekly-limit'],
      ['accepted', null],
    ]);
    expect(operator.to(phone)).toHaveLength(2);
  });

  it('is quiet for twelve hours after a summons that left late', async () => {
    await clock('2026-08-12', '10:00');
    const phone = aMobile();
    const id = await world.book({ date: '2026-08-14', time: '12:30', phone, notify: true });
    await clock('2026-08-13', '08:30');
    await engine().drain();
    expect((await reminder(id))?.state).toBe('planned');
    await clock('2026-08-13', '12:30');
    await engine().drain();
    expect(operator.to(phone)).toHaveLength(1);
    expect(await reminder(id)).toMatchObject({ state: 'withdrawn', reason: 'told-just-before' });
  });

  it('holds for two workers: thirty persons with three appointments each get one text', async () => {
    await clock('2026-08-15', '10:00');
    const phones: string[] = [];
    for (let index = 0; index < 30; index++) {
      const phone = aMobile();
      phones.push(phone);
      const personId = await world.person({ phone });
      for (const time of ['09:00', '09:10', '09:20'])
        await world.book({ date: '2026-08-25', time, personId });
    }
    await clock('2026-08-24', '09:30');
    await Promise.all(engines.map((one) => one.drain()));
    expect(phones.map((phone) => operator.to(phone).length)).toEqual(phones.map(() => 1));
    for (const phone of phones)
      for (const hour of ['9h00', '9h10', '9h20']) expect(operator.to(phone)[0]?.body).toContain(hour);
  });

  it('holds for ten batches prepared at the same moment, whatever their order', async () => {
    await clock('2026-08-26', '10:00');
    const booked: string[] = [];
    for (let index = 0; index < 20; index++) {
      const personId = await world.person();
      for (const [date, time] of [
        ['2026-09-05', '09:00'],
        ['2026-09-05', '09:10'],
        ['2026-09-06', '09:00'],
      ] as const)
        booked.push(await world.book({ date, time, personId, offsets: [2] }));
    }
    await clock('2026-09-04', '10:00');
    const jobs: { messageId: string; epoch: number }[] = await database.dataSource
      .query(
        `UPDATE message SET state = 'queued', claimed_at = app_now(), claim_epoch = 1
          WHERE convocation_id = ANY($1) RETURNING id AS "messageId", claim_epoch AS epoch`,
        [booked],
      )
      .then(([rows]: [{ messageId: string; epoch: number }[]]) => rows);
    expect(jobs).toHaveLength(60);
    const { module } = engine();
    const batches = Array.from({ length: 10 }, (_, of) => jobs.filter((_job, index) => index % 10 === of));
    const prepared = await Promise.all(
      batches.map((batch, index) =>
        module
          .get(Transaction)
          .run((tx) => module.get(PrepareSends).execute(tx, index % 2 === 0 ? batch : [...batch].reverse())),
      ),
    );
    expect(prepared.flat()).toHaveLength(20);
    const deadlocks: { n: string }[] = await module
      .get(DataSource)
      .query('SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()');
    expect(deadlocks[0]?.n).toBe('0');
    const rows: { left: number; lost: number; twice: number }[] = await database.dataSource.query(
      `SELECT (count(*) FILTER (WHERE m.state = 'sending'))::int AS left,
              (count(*) FILTER (WHERE m.state NOT IN ('sending', 'planned') AND m.told_by_message_id IS NULL))::int AS lost,
              (count(*) FILTER (WHERE m.state = 'sending')
                - count(DISTINCT c.person_id) FILTER (WHERE m.state = 'sending'))::int AS twice
         FROM message m JOIN convocation c ON c.id = m.convocation_id WHERE c.id = ANY($1)`,
      [booked],
    );
    // The texts of the other day wait three hours; those of the same day are said by the one that left.
    expect(rows).toEqual([{ left: 20, lost: 0, twice: 0 }]);
    await database.dataSource.query(
      `UPDATE message SET state = 'withdrawn' WHERE state IN ('sending', 'planned')`,
    );
  });

  it('lets nothing leave while a hold lasts, and everything after it', async () => {
    await clock('2026-09-10', '10:00');
    const phone = aMobile();
    const id = await world.book({ date: '2026-09-20', time: '09:30', phone, notify: true });
    await database.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'test')`);
    await engine().run('relay');
    expect(await world.state(id, 'summons')).toBe('planned');
    await database.dataSource.query(
      `UPDATE message SET state = 'queued', claimed_at = app_now(), claim_epoch = 1
        WHERE convocation_id = $1 AND kind = 'summons'`,
      [id],
    );
    const { module } = engine();
    const summons = (await world.messages(id)).find(({ kind }) => kind === 'summons') as
      { id?: string } | undefined;
    await module
      .get(Transaction)
      .run((tx) => module.get(PrepareSends).execute(tx, [{ messageId: summons?.id ?? '', epoch: 1 }]));
    expect(await world.state(id, 'summons')).toBe('planned');
    await database.dataSource.query('UPDATE sending_hold SET released_at = app_now(), released_by = $1', [
      'test',
    ]);
    await engine().drain();
    await eventually(() => Promise.resolve(operator.to(phone).length === 1));
  });
});

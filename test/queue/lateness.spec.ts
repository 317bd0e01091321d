import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';
import { openedContacts } from '../support/contacts.js';

const SEED = 4351;
const RUNS = 4;
/** Appointments of the three days after the outage began, at hours of the whole day. */
const HOURS = ['08:30', '10:00', '14:15', '19:30'];

jest.setTimeout(600_000);

interface Fate {
  readonly id: string;
  readonly convocation_id: string;
  readonly phone: string;
  readonly state: string;
  readonly reason: string | null;
  readonly first_due_at: Date;
  readonly accepted_at: Date | null;
  readonly useful_until: Date;
  readonly started_at: Date | null;
  readonly tasks: number;
  /** Texts of the same promise that left. */
  readonly others: number;
}

/** Any length counts: minutes, hours, days. */
const outage = fc.oneof(
  fc.integer({ min: 1, max: 59 }),
  fc.integer({ min: 60, max: 24 * 60 }),
  fc.integer({ min: 24 * 60, max: 5 * 24 * 60 }),
);

describeBackends('after an outage', (backend) => {
  const stand = useStand({ REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });
  let fortnights = 0;

  /** The first minutes after the restart, then every three hours: what is put off leaves when the window opens. */
  async function live(from: string, hours: number): Promise<void> {
    for (let passed = 0; passed <= hours; passed += 3) {
      await moveClock(
        stand.database.dataSource,
        Temporal.Instant.from(from).add({ hours: passed }).toString(),
      );
      await stand.engine.run('sweep');
      await stand.engine.drain();
      await stand.engine.run('follow-up');
    }
  }

  async function fates(ids: readonly string[]): Promise<readonly Fate[]> {
    const numbers = await openedContacts(stand.database.dataSource);
    const rows: Fate[] = await stand.database.dataSource.query(
      `SELECT m.*, p.phone_id AS phone, a.started_at,
              (SELECT count(*)::int FROM agent_task t WHERE t.convocation_id = m.convocation_id
                  AND t.kind = 'reach-otherwise') AS tasks,
              (SELECT count(*)::int FROM message o WHERE o.convocation_id = m.convocation_id AND o.id <> m.id
                  AND o.state = 'accepted') AS others
         FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
         LEFT JOIN delivery_attempt a ON a.message_id = m.id
        WHERE m.convocation_id = ANY($1)`,
      [ids],
    );
    return rows.map((row) => ({ ...row, phone: numbers.get(row.phone) ?? '' }));
  }

  async function tasksOf(
    id: string,
  ): Promise<{ reason: string; act_before: Date | null; outcome: string | null }[]> {
    return stand.database.dataSource.query(
      `SELECT reason, act_before, outcome FROM agent_task WHERE convocation_id = $1 ORDER BY opened_at`,
      [id],
    );
  }

  function fateOf(fate: Fate): 'on time' | 'late' | 'dropped with a task' | 'said by another text' | 'lost' {
    if (fate.state === 'accepted' && fate.accepted_at !== null) {
      const late = fate.accepted_at.getTime() - fate.first_due_at.getTime();
      return late <= 60_000 ? 'on time' : 'late';
    }
    if (fate.state === 'expired' && fate.tasks > 0) return 'dropped with a task';
    return fate.state === 'withdrawn' && fate.reason !== null && fate.others > 0
      ? 'said by another text'
      : 'lost';
  }

  it(`accounts for every message that was due, whatever its length (seed ${SEED})`, async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(outage, async (minutes) => {
        fortnights += 1;
        const day = Temporal.PlainDate.from('2026-09-01').add({ weeks: 2 * fortnights });
        await moveClock(stand.database.dataSource, at(day.toString(), '07:00'));
        const ids: string[] = [];
        for (const days of [1, 2, 3])
          for (const time of HOURS)
            ids.push(await stand.world.book({ date: day.add({ days }).toString(), time, phone: aMobile() }));
        const restart = at(day.toString(), '07:00', 'Europe/Paris', minutes);
        await live(restart, 30);
        // What was due by then has met an open window since.
        const due = Temporal.Instant.from(restart).add({ hours: 12 }).epochMilliseconds;
        const found = await fates(ids);
        const wasDue = found.filter((fate) => fate.first_due_at.getTime() <= due);
        expect(wasDue.filter((fate) => fateOf(fate) === 'lost')).toEqual([]);
        for (const fate of wasDue) met.add(fateOf(fate));
        for (const { state, started_at: left, useful_until: until, phone } of found) {
          if (left !== null) expect(left.getTime()).toBeLessThan(until.getTime());
          expect(stand.operator.to(phone).length).toBeLessThanOrEqual(
            found.filter((one) => one.phone === phone).length,
          );
          if (state === 'expired') expect(left).toBeNull();
        }
        const sent = found.filter(({ state }) => state === 'accepted').length;
        const phones = [...new Set(found.map(({ phone }) => phone))];
        expect(phones.flatMap((phone) => stand.operator.to(phone))).toHaveLength(sent);
      }),
      { seed: SEED, numRuns: RUNS, examples: [[30], [6 * 60], [3 * 24 * 60]] },
    );
    expect([...met]).toEqual(expect.arrayContaining(['on time', 'late', 'dropped with a task']));
  });

  it('says what is true when it leaves at last', async () => {
    await moveClock(stand.database.dataSource, at('2026-08-17', '07:00'));
    const phone = aMobile();
    await stand.world.book({ date: '2026-08-18', time: '14:00', phone });
    await moveClock(stand.database.dataSource, at('2026-08-18', '09:00'));
    await stand.engine.drain();
    const [text] = stand.operator.to(phone);
    expect(text?.body).toContain('14h00');
    expect(text?.body).not.toContain('demain');
  });

  it('tells an agent at once what could only leave after the hour, not when the person is at the door', async () => {
    await moveClock(stand.database.dataSource, at('2026-08-19', '10:00'));
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-08-20', time: '07:30', phone });
    const inTime = await stand.world.book({ date: '2026-08-20', time: '09:30' });
    await stand.database.dataSource.query(
      `UPDATE message SET state = 'withdrawn' WHERE convocation_id = ANY($1)`,
      [[id, inTime]],
    );
    await moveClock(stand.database.dataSource, at('2026-08-19', '20:30'));
    await stand.database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = ANY($1)`,
      [[id, inTime]],
    );
    for (const one of [id, inTime]) await stand.world.plan(one, 'cancelled', true);
    await moveClock(stand.database.dataSource, at('2026-08-19', '20:31'));
    await stand.engine.run('sweep');
    await stand.engine.run('follow-up');
    expect(await stand.world.state(id, 'cancellation')).toBe('expired');
    expect(await stand.world.state(inTime, 'cancellation')).toBe('planned');
    const tasks = await stand.database.dataSource.query<{ reason: string; convocation_id: string }[]>(
      `SELECT reason, convocation_id FROM agent_task WHERE kind = 'reach-otherwise' AND convocation_id = ANY($1)`,
      [[id, inTime]],
    );
    expect(tasks).toEqual([{ reason: 'too-late', convocation_id: id }]);
    expect(stand.operator.to(phone)).toEqual([]);
  });

  it('tells an agent as soon as the text about a change is put off beyond the old hour', async () => {
    await moveClock(stand.database.dataSource, at('2026-08-19', '10:00'));
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-08-20', time: '07:30', phone });
    await moveClock(stand.database.dataSource, at('2026-08-19', '19:58'));
    await stand.world.move(id, { date: '2026-08-27', time: '14:00' });
    await stand.world.plan(id, 'rescheduled', true);
    expect(await tasksOf(id)).toEqual([]);
    // Nobody took it before the window closed.
    await moveClock(stand.database.dataSource, at('2026-08-19', '20:30'));
    await stand.engine.drain();
    expect(await tasksOf(id)).toEqual([
      { reason: 'old-hour', act_before: new Date(at('2026-08-20', '07:30')), outcome: null },
    ]);
    await moveClock(stand.database.dataSource, at('2026-08-20', '08:00'));
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
  });
});

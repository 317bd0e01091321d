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
  readonly settled_at: Date | null;
  readonly attempts: number;
  /** Of its convocation. */
  readonly outcome: string;
  /** Tasks « joindre autrement » of its convocation, opened although its outcome was noted already. */
  readonly senseless: number;
}

/** What an agent notes of an appointment once its hour is past (excused: at any time), and when: around the first sweep. */
interface Mark {
  readonly outcome: 'attended' | 'missed' | 'excused' | null;
  readonly when: 'before the sweep' | 'before the workers' | 'before the follow-up' | 'in the end';
  readonly notify: boolean;
}

const mark: fc.Arbitrary<Mark> = fc.record({
  outcome: fc.constantFrom('attended', 'missed', 'excused', null),
  when: fc.constantFrom('before the sweep', 'before the workers', 'before the follow-up', 'in the end'),
  notify: fc.boolean(),
});
const BOOKINGS = 3 * HOURS.length;
const marksOfAll = fc.array(mark, { minLength: BOOKINGS, maxLength: BOOKINGS });
const MISSED_AT_ONCE: Mark = { outcome: 'missed', when: 'before the sweep', notify: true };
const CAME_BETWEEN: Mark = { outcome: 'attended', when: 'before the follow-up', notify: false };

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
  async function live(
    from: string,
    hours: number,
    meanwhile: (when: Mark['when']) => Promise<void>,
  ): Promise<void> {
    for (let passed = 0; passed <= hours; passed += 3) {
      await moveClock(
        stand.database.dataSource,
        Temporal.Instant.from(from).add({ hours: passed }).toString(),
      );
      await meanwhile('before the sweep');
      await stand.engine.run('sweep');
      await meanwhile('before the workers');
      await stand.engine.drain();
      await meanwhile('before the follow-up');
      await stand.engine.run('follow-up');
    }
    await meanwhile('in the end');
    await stand.engine.run('sweep');
    await stand.engine.drain();
    await stand.engine.run('follow-up');
  }

  /** Those of these convocations that are to be marked now, and may be. */
  async function note(ids: readonly string[], marks: readonly Mark[], when: Mark['when']): Promise<void> {
    for (const [index, { outcome, notify, ...one }] of marks.entries()) {
      if (outcome === null || one.when !== when) continue;
      const [, noted]: [unknown, number] = await stand.database.dataSource.query(
        `UPDATE convocation SET state = $2, outcome_at = app_now(), updated_at = app_now()
          WHERE id = $1 AND state = 'booked' AND (starts_at <= app_now() OR $2 = 'excused')`,
        [ids[index], outcome],
      );
      if (noted === 1) await stand.world.plan(ids[index] ?? '', outcome, notify);
    }
  }

  async function fates(ids: readonly string[]): Promise<readonly Fate[]> {
    const numbers = await openedContacts(stand.database.dataSource);
    const rows: Fate[] = await stand.database.dataSource.query(
      `SELECT m.*, p.phone_id AS phone, a.started_at, c.state AS outcome,
              (SELECT count(*)::int FROM agent_task t JOIN message said ON said.id = t.message_id
                WHERE t.convocation_id = c.id AND said.kind <> 'after-absence' AND t.opened_at > c.outcome_at) AS senseless,
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

  function fateOf(fate: Fate): string {
    if (fate.state === 'accepted' && fate.accepted_at !== null) {
      const late = fate.accepted_at.getTime() - fate.first_due_at.getTime();
      return late <= 60_000 ? 'on time' : 'late';
    }
    if (fate.state === 'expired' && fate.tasks > 0) return 'dropped with a task';
    if (fate.outcome !== 'booked' && fate.settled_at !== null && fate.attempts === 0) {
      // What an agent noted is the reason, and is told from what the hour alone made useless.
      const isTooLate = fate.settled_at >= fate.useful_until;
      if (isTooLate && fate.reason === 'over') return 'over before it left';
      if (!isTooLate && fate.state === 'withdrawn') return 'withdrawn in time';
    }
    return fate.state === 'withdrawn' && fate.reason !== null && fate.others > 0
      ? 'said by another text'
      : 'lost';
  }

  it(`accounts for every message that was due, whatever its length (seed ${SEED})`, async () => {
    const met = new Set<string>();
    await fc.assert(
      fc.asyncProperty(outage, marksOfAll, async (minutes, marks) => {
        fortnights += 1;
        const day = Temporal.PlainDate.from('2026-09-01').add({ weeks: 2 * fortnights });
        await moveClock(stand.database.dataSource, at(day.toString(), '07:00'));
        const ids: string[] = [];
        for (const days of [1, 2, 3])
          for (const time of HOURS)
            ids.push(await stand.world.book({ date: day.add({ days }).toString(), time, phone: aMobile() }));
        const restart = at(day.toString(), '07:00', 'Europe/Paris', minutes);
        await live(restart, 30, (when) => note(ids, marks, when));
        // What was due by then has met an open window since.
        const due = Temporal.Instant.from(restart).add({ hours: 12 }).epochMilliseconds;
        const found = await fates(ids);
        const wasDue = found.filter((fate) => fate.first_due_at.getTime() <= due);
        expect(wasDue.filter((fate) => fateOf(fate) === 'lost')).toEqual([]);
        expect(found.filter(({ senseless }) => senseless > 0)).toEqual([]);
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
      {
        seed: SEED,
        numRuns: RUNS,
        endOnFailure: true,
        examples: [
          [30, []],
          [6 * 60, []],
          [3 * 24 * 60, []],
          [
            3 * 24 * 60,
            Array.from({ length: BOOKINGS }, (_, n) => (n % 2 === 0 ? MISSED_AT_ONCE : CAME_BETWEEN)),
          ],
        ],
      },
    );
    expect([...met]).toEqual(
      expect.arrayContaining(['on time', 'late', 'dropped with a task', 'over before it left']),
    );
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
});

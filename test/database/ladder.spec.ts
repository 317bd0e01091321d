import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { ToldWorld } from '../support/told-world.js';
import { contactId } from '../support/contacts.js';

/** Tuesday 9 June 2026, 10:00 in Nanterre; the appointment the day after at 14:00. */
const NOW = '2026-06-09T08:00:00Z';
const TOMORROW = '2026-06-10T12:00:00Z';

let database: TestDatabase;
let world: ToldWorld;

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  await moveClock(database.dataSource, NOW);
  world = await new ToldWorld(database.dataSource).build();
});
afterAll(() => database.drop());

const OFF = { state: 'undelivered', errorCode: '30003' } as const;

async function failing(
  given: Parameters<ToldWorld['summon']>[0],
  told: Parameters<ToldWorld['tell']>[1] = OFF,
) {
  const id = await world.summon(given);
  return { id, message: await world.tell(id, told) };
}

describe('a text that did not arrive', () => {
  it('goes by e-mail when one is known', async () => {
    const { id, message } = await failing({ startsAt: TOMORROW, email: 'ada@example.org' });
    await world.draw();
    expect(await world.message(message)).toMatchObject({
      state: 'planned',
      wanted_channel: 'email',
      ladder_step: 1,
      followed_up_at: null,
      settled_at: null,
    });
    expect(await world.tasks(id)).toEqual([]);
  });

  it('is tried once more two hours later when the telephone was off', async () => {
    const { id, message } = await failing({ startsAt: TOMORROW });
    await world.draw();
    const planned = await world.message(message);
    expect(planned).toMatchObject({ state: 'planned', wanted_channel: 'sms', ladder_step: 1 });
    expect((planned['due_at'] as Date).getTime() - Date.parse(NOW)).toBeGreaterThanOrEqual(2 * 3600_000);
    expect(await world.tasks(id)).toEqual([]);
  });

  it('waits for the opening of the window', async () => {
    await moveClock(database.dataSource, '2026-06-08T21:00:00Z');
    const { message } = await failing({ startsAt: TOMORROW, email: 'ada@example.org' });
    await world.draw();
    expect((await world.message(message))['due_at']).toEqual(new Date('2026-06-09T06:00:00Z'));
  });

  it('is a task for the referent, before the hour, when no way is left', async () => {
    const { id, message } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await world.draw();
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
    const rows: Record<string, unknown>[] = await database.dataSource.query(
      'SELECT assigned_to_agent_id, organization_id, act_before, message_id FROM agent_task WHERE convocation_id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        assigned_to_agent_id: world.referentId,
        organization_id: world.organizationId,
        act_before: new Date('2026-06-09T17:00:00Z'),
        message_id: message,
      },
    ]);
    const history: { event: string }[] = await database.dataSource.query(
      'SELECT event FROM history_entry WHERE convocation_id = $1',
      [id],
    );
    expect(history).toEqual([{ event: 'task.opened' }]);
  });

  it.each([
    ['suppressed', { state: 'suppressed', reason: 'no-phone' }, 'no-phone'],
    ['suppressed', { state: 'suppressed', reason: 'sms-refused' }, 'sms-refused'],
    ['expired', { state: 'expired', reason: 'too-late' }, 'too-late'],
    ['expired', { state: 'expired', reason: 'in-doubt-twice' }, 'in-doubt-twice'],
    ['failed', { state: 'failed', reason: 'no-template' }, 'no-template'],
  ] as const)('ends with an agent: %s %p', async (_state, told, reason) => {
    const { id, message } = await failing({ startsAt: TOMORROW, email: 'ada@example.org' }, told);
    await world.draw();
    expect(await world.tasks(id)).toEqual([{ kind: 'reach-otherwise', reason, outcome: null }]);
    expect((await world.message(message))['followed_up_at']).not.toBeNull();
  });

  it('that never left is to be known before an absence is noted, once the hour is past, and no hour presses', async () => {
    const { id } = await failing(
      { startsAt: '2026-06-09T07:00:00Z' },
      { state: 'expired', reason: 'too-late' },
    );
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'hour-passed', outcome: null },
    ]);
    const due: object[] = await database.dataSource.query(
      'SELECT act_before FROM agent_task WHERE convocation_id = $1',
      [id],
    );
    expect(due).toEqual([{ act_before: null }]);
    await database.dataSource.query(`UPDATE convocation SET state = 'missed' WHERE id = $1`, [id]);
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'hour-passed', outcome: 'no-longer-needed' },
    ]);
  });

  it('asks nothing of anybody once the convocation is over', async () => {
    const over = await failing({ startsAt: TOMORROW, state: 'cancelled' });
    const moved = await failing({ startsAt: TOMORROW }, { ...OFF, promiseVersion: 3 });
    await world.draw();
    for (const { id, message } of [over, moved]) {
      expect(await world.tasks(id)).toEqual([]);
      expect(await world.message(message)).toMatchObject({
        state: 'undelivered',
        followed_up_at: expect.anything(),
      });
    }
  });

  it('asks for the cancellation itself to be told', async () => {
    const cancelled = { startsAt: '2026-06-09T15:00:00Z', state: 'cancelled' } as const;
    const { id } = await failing(cancelled, { ...OFF, kind: 'cancellation' });
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
  });

  it('is drawn once, whatever the number of workers', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) ids.push((await failing({ startsAt: '2026-06-09T17:00:00Z' })).id);
    await Promise.all(Array.from({ length: 5 }, () => world.draw()));
    const rows: { n: number }[] = await database.dataSource.query(
      `SELECT count(*)::int AS n FROM history_entry WHERE event = 'task.opened' AND convocation_id = ANY($1)`,
      [ids],
    );
    expect(rows).toEqual([{ n: 30 }]);
    for (const id of ids) expect(await world.person(id)).toMatchObject({ phone_failures: 1 });
  });
});

describe('a task', () => {
  it.each([
    [
      'the convocation is cancelled',
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'court' WHERE id = $1`,
    ],
    ['the person came', `UPDATE convocation SET state = 'attended' WHERE id = $1`],
    ['the promise moved', 'UPDATE convocation SET promise_version = 2 WHERE id = $1'],
    [
      'the text arrived after all',
      `UPDATE message SET state = 'delivered', settled_at = app_now() WHERE convocation_id = $1`,
    ],
  ])('closes by itself when %s', async (_what, sql) => {
    const { id } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await world.draw();
    await database.dataSource.query(sql, [id]);
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: 'no-longer-needed' },
    ]);
  });

  it('that an agent closed is not opened again for the same promise', async () => {
    const { id } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await world.draw();
    await database.dataSource.query(
      `UPDATE agent_task SET closed_at = app_now(), outcome = 'could-not-reach' WHERE convocation_id = $1`,
      [id],
    );
    await world.tell(id, { ...OFF, occurrence: 3 });
    await world.draw();
    expect(await world.tasks(id)).toHaveLength(1);
    expect(await database.dataSource.transaction((tx) => world.reach.reachOf(tx, [id]))).toEqual(
      new Map([[id, 'unreachable']]),
    );
  });
});

describe('what an agent said', () => {
  it('of the appointment says nothing of its cancellation', async () => {
    const { id } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await world.draw();
    await database.dataSource.query(
      `UPDATE agent_task SET closed_at = app_now(), outcome = 'reached' WHERE convocation_id = $1`,
      [id],
    );
    await database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'court' WHERE id = $1`,
      [id],
    );
    await world.tell(id, { ...OFF, kind: 'cancellation' });
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: 'reached' },
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
  });
});

describe('a text that told of two appointments', () => {
  it('and did not arrive is a task for each', async () => {
    const { id, message } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    const other = await world.summon({ startsAt: '2026-06-09T18:00:00Z' });
    const merged = await world.tell(other, { state: 'withdrawn' });
    await database.dataSource.query('UPDATE message SET told_by_message_id = $2 WHERE id = $1', [
      merged,
      message,
    ]);
    await world.draw();
    for (const one of [id, other])
      expect(await world.tasks(one)).toEqual([
        { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
      ]);
  });
});

describe('a number', () => {
  it('is flagged at the third message in a row that did not arrive', async () => {
    const phone = '+33622222210';
    const id = await world.summon({ startsAt: TOMORROW, phone });
    for (const occurrence of [7, 3]) {
      await world.tell(id, { ...OFF, occurrence });
      await world.draw();
    }
    expect(await world.person(id)).toMatchObject({ phone_failures: 2, phone_flagged_at: null });
    await world.tell(id, { ...OFF, occurrence: 1 });
    await world.draw();
    expect(await world.person(id)).toMatchObject({
      phone_failures: 3,
      phone_flagged_at: expect.anything(),
      phone_flag_reason: 'three-failures',
    });
    expect(await world.tasks(id)).toContainEqual({
      kind: 'correct-number',
      reason: 'three-failures',
      outcome: null,
    });
  });

  it('is flagged at once when it is nobody’s, for everybody registered with it', async () => {
    const phone = '+33633333310';
    const other = await world.summon({ startsAt: TOMORROW, phone });
    const { id } = await failing({ startsAt: TOMORROW, phone }, { state: 'undelivered', errorCode: '30005' });
    await world.draw();
    for (const one of [id, other])
      expect(await world.person(one)).toMatchObject({ phone_flag_reason: 'wrong-number' });
    const rows: { n: number }[] = await database.dataSource.query(
      `SELECT count(*)::int AS n FROM history_entry h JOIN person p ON p.id = h.person_id
        WHERE p.phone_id = $1 AND event = 'person.number-flagged'`,
      [await contactId(database.dataSource, phone)],
    );
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('is not blamed for what the operator or the text did wrong', async () => {
    for (const told of [
      { state: 'undelivered', errorCode: '30007' },
      { state: 'undelivered', errorCode: '30500' },
      { state: 'failed', errorCode: '21610' },
      { state: 'failed', reason: 'no-template' },
    ]) {
      const { id } = await failing({ startsAt: TOMORROW }, told);
      await world.draw();
      expect(await world.person(id)).toMatchObject({ phone_failures: 0, phone_flagged_at: null });
    }
  });

  it('corrected: the text that missed the old one leaves to the new one, and the task about it closes', async () => {
    const { id, message } = await failing(
      { startsAt: '2026-06-09T17:00:00Z' },
      { state: 'failed', errorCode: '21614' },
    );
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'correct-number', reason: 'wrong-number', outcome: null },
      { kind: 'reach-otherwise', reason: 'wrong-number', outcome: null },
    ]);
    await database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_failures = 0, phone_flagged_at = NULL,
         phone_flag_reason = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id, await contactId(database.dataSource, '+33644444410')],
    );
    await world.draw();
    expect(await world.message(message)).toMatchObject({ state: 'planned', wanted_channel: 'sms' });
    expect(await world.tasks(id)).toContainEqual({
      kind: 'correct-number',
      reason: 'wrong-number',
      outcome: 'no-longer-needed',
    });
  });
});

describe('a text that could not even be tried', () => {
  const spares = (convocationId: string): Promise<{ state: string; channel: string }[]> =>
    database.dataSource.query(
      `SELECT state, wanted_channel AS channel FROM message
        WHERE convocation_id = $1 AND kind = 'reminder' AND occurrence = 0`,
      [convocationId],
    );
  const IN_A_WEEK = '2026-06-16T12:00:00Z';
  const numbered = async (id: string, phone: string) =>
    database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_mobile = true, no_phone = false, phone_failures = 0,
         phone_flagged_at = NULL, phone_flag_reason = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id, await contactId(database.dataSource, phone)],
    );

  it.each([
    ['number-flagged', { flagged: true }, '+33644444411'],
    ['no-phone', { phone: null }, '+33644444412'],
  ] as const)('(%s) leaves once there is a number, as one more reminder', async (reason, person, phone) => {
    const suppressed = { state: 'suppressed', reason, kind: 'summons' } as const;
    const id = await world.summon({ startsAt: IN_A_WEEK, ...person, messages: [suppressed] });
    await world.draw();
    await world.draw();
    expect(await spares(id)).toEqual([]);
    await numbered(id, phone);
    await world.draw();
    await world.draw();
    expect(await spares(id)).toEqual([{ state: 'planned', channel: 'sms' }]);
    expect(await world.tasks(id)).toContainEqual({ kind: 'reach-otherwise', reason, outcome: null });
  });

  it('waits for a text that leaves within the day', async () => {
    const suppressed = { state: 'suppressed', reason: 'no-phone', kind: 'summons' } as const;
    const id = await world.summon({ startsAt: IN_A_WEEK, phone: null, messages: [suppressed] });
    await world.draw();
    await world.tell(id, { state: 'planned' });
    await numbered(id, '+33644444413');
    await world.draw();
    expect(await spares(id)).toEqual([]);
  });

  it('leaves to another number than the one that is a task four hours before, and to no other', async () => {
    const unconfirmed = { state: 'accepted', kind: 'summons' } as const;
    const [kept, changed] = [
      await world.summon({ startsAt: TOMORROW, messages: [unconfirmed] }),
      await world.summon({ startsAt: TOMORROW, messages: [unconfirmed] }),
    ];
    await moveClock(database.dataSource, '2026-06-10T07:59:00Z');
    await world.draw();
    await numbered(changed, '+33644444414');
    await world.draw();
    expect([await spares(kept), await spares(changed)].map(({ length }) => length)).toEqual([0, 1]);
  });
});

describe('a text nobody confirmed', () => {
  const unconfirmed = { state: 'accepted', kind: 'summons' } as const;

  it('is said again by e-mail a day before, once, after half an hour’s patience', async () => {
    const id = await world.summon({ startsAt: TOMORROW, email: 'ada@example.org' });
    await world.tell(id, unconfirmed);
    await moveClock(database.dataSource, '2026-06-09T11:59:00Z');
    await world.draw();
    expect(await emails(id)).toEqual([]);
    await moveClock(database.dataSource, '2026-06-09T12:00:30Z');
    await world.draw();
    await world.draw();
    expect(await emails(id)).toEqual([{ kind: 'reminder', occurrence: 0, state: 'planned' }]);
    expect(await world.tasks(id)).toEqual([]);
  });

  it('is said again too when its operator was asked for no receipt, and is a task without an e-mail', async () => {
    const silent = { ...unconfirmed, operator: 'link-mobility', awaitsReceipt: false } as const;
    const id = await world.summon({ startsAt: TOMORROW, email: 'ada@example.org', messages: [silent] });
    const phoneOnly = await world.summon({ startsAt: TOMORROW, messages: [silent] });
    await moveClock(database.dataSource, '2026-06-09T12:00:30Z');
    await world.draw();
    expect(await emails(id)).toHaveLength(1);
    await moveClock(database.dataSource, '2026-06-10T07:59:00Z');
    await world.draw();
    expect(await world.tasks(phoneOnly)).toEqual([
      { kind: 'reach-otherwise', reason: 'not-confirmed', outcome: null },
    ]);
  });

  it('is said again for each appointment it told of', async () => {
    const id = await world.summon({ startsAt: TOMORROW, email: 'ada@example.org' });
    const other = await world.summon({ startsAt: '2026-06-10T13:00:00Z', email: 'ada@example.org' });
    const teller = await world.tell(id, { state: 'accepted' });
    const told = await world.tell(other, { state: 'withdrawn', reason: 'told-same-day' });
    await database.dataSource.query('UPDATE message SET told_by_message_id = $2 WHERE id = $1', [
      told,
      teller,
    ]);
    await moveClock(database.dataSource, '2026-06-09T13:00:30Z');
    await world.draw();
    await world.draw();
    expect([await emails(id), await emails(other)].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('waits for the reminder that is about to leave', async () => {
    const id = await world.summon({ startsAt: TOMORROW, email: 'ada@example.org' });
    await world.tell(id, unconfirmed);
    await moveClock(database.dataSource, '2026-06-09T12:00:30Z');
    await world.tell(id, { state: 'planned' });
    await world.draw();
    expect(await emails(id)).toEqual([]);
  });

  it('is a task four hours before, when no e-mail is known', async () => {
    const id = await world.summon({ startsAt: TOMORROW });
    await world.tell(id, unconfirmed);
    await moveClock(database.dataSource, '2026-06-10T07:57:00Z');
    await world.draw();
    expect(await world.tasks(id)).toEqual([]);
    await moveClock(database.dataSource, '2026-06-10T07:59:00Z');
    await world.draw();
    expect(await world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'not-confirmed', outcome: null },
    ]);
  });

  async function emails(convocationId: string): Promise<object[]> {
    return database.dataSource.query(
      `SELECT kind, occurrence, state FROM message WHERE convocation_id = $1 AND wanted_channel = 'email'`,
      [convocationId],
    );
  }
});

import { moveClock } from '../support/database.js';
import { type ToldWorld, useToldWorld } from '../support/told-world.js';
import { contactId } from '../support/contacts.js';

/** Tuesday 9 June 2026, 10:00 in Nanterre; the appointment the day after at 14:00. */
const NOW = '2026-06-09T08:00:00Z';
const TOMORROW = '2026-06-10T12:00:00Z';

const stand = useToldWorld(NOW);

const OFF = { state: 'undelivered', errorCode: '30003' } as const;

async function failing(
  given: Parameters<ToldWorld['summon']>[0],
  told: Parameters<ToldWorld['tell']>[1] = OFF,
) {
  const id = await stand.world.summon(given);
  return { id, message: await stand.world.tell(id, told) };
}

describe('a text that did not arrive', () => {
  it('goes by e-mail when one is known', async () => {
    const { id, message } = await failing({ startsAt: TOMORROW, email: 'ada@example.org' });
    await stand.world.draw();
    expect(await stand.world.message(message)).toMatchObject({
      state: 'planned',
      wanted_channel: 'email',
      ladder_step: 1,
      followed_up_at: null,
      settled_at: null,
    });
    expect(await stand.world.tasks(id)).toEqual([]);
  });

  it('is tried once more two hours later when the telephone was off', async () => {
    const { id, message } = await failing({ startsAt: TOMORROW });
    await stand.world.draw();
    const planned = await stand.world.message(message);
    expect(planned).toMatchObject({ state: 'planned', wanted_channel: 'sms', ladder_step: 1 });
    expect((planned['due_at'] as Date).getTime() - Date.parse(NOW)).toBeGreaterThanOrEqual(2 * 3600_000);
    expect(await stand.world.tasks(id)).toEqual([]);
  });

  it('waits for the opening of the window', async () => {
    await moveClock(stand.database.dataSource, '2026-06-08T21:00:00Z');
    const { message } = await failing({ startsAt: TOMORROW, email: 'ada@example.org' });
    await stand.world.draw();
    expect((await stand.world.message(message))['due_at']).toEqual(new Date('2026-06-09T06:00:00Z'));
  });

  it('is a task for the referent, before the hour, when no way is left', async () => {
    const { id, message } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await stand.world.draw();
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
    const rows: Record<string, unknown>[] = await stand.database.dataSource.query(
      'SELECT assigned_to_agent_id, organization_id, act_before, message_id FROM agent_task WHERE convocation_id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        assigned_to_agent_id: stand.world.referentId,
        organization_id: stand.world.organizationId,
        act_before: new Date('2026-06-09T17:00:00Z'),
        message_id: message,
      },
    ]);
    const history: { event: string }[] = await stand.database.dataSource.query(
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
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([{ kind: 'reach-otherwise', reason, outcome: null }]);
    expect((await stand.world.message(message))['followed_up_at']).not.toBeNull();
  });

  it('that never left is to be known before an absence is noted, once the hour is past, and no hour presses', async () => {
    const { id } = await failing(
      { startsAt: '2026-06-09T07:00:00Z' },
      { state: 'expired', reason: 'too-late' },
    );
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'hour-passed', outcome: null },
    ]);
    const due: object[] = await stand.database.dataSource.query(
      'SELECT act_before FROM agent_task WHERE convocation_id = $1',
      [id],
    );
    expect(due).toEqual([{ act_before: null }]);
    await stand.database.dataSource.query(`UPDATE convocation SET state = 'missed' WHERE id = $1`, [id]);
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'hour-passed', outcome: 'no-longer-needed' },
    ]);
  });

  it('asks nothing of anybody once the convocation is over', async () => {
    const over = await failing({ startsAt: TOMORROW, state: 'cancelled' });
    const moved = await failing({ startsAt: TOMORROW }, { ...OFF, promiseVersion: 3 });
    await stand.world.draw();
    for (const { id, message } of [over, moved]) {
      expect(await stand.world.tasks(id)).toEqual([]);
      expect(await stand.world.message(message)).toMatchObject({
        state: 'undelivered',
        followed_up_at: expect.anything(),
      });
    }
  });

  it('asks for the cancellation itself to be told', async () => {
    const cancelled = { startsAt: '2026-06-09T15:00:00Z', state: 'cancelled' } as const;
    const { id } = await failing(cancelled, { ...OFF, kind: 'cancellation' });
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
  });

  it('is drawn once, whatever the number of workers', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) ids.push((await failing({ startsAt: '2026-06-09T17:00:00Z' })).id);
    await Promise.all(Array.from({ length: 5 }, () => stand.world.draw()));
    const rows: { n: number }[] = await stand.database.dataSource.query(
      `SELECT count(*)::int AS n FROM history_entry WHERE event = 'task.opened' AND convocation_id = ANY($1)`,
      [ids],
    );
    expect(rows).toEqual([{ n: 30 }]);
    for (const id of ids) expect(await stand.world.person(id)).toMatchObject({ phone_failures: 1 });
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
    await stand.world.draw();
    await stand.database.dataSource.query(sql, [id]);
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: 'no-longer-needed' },
    ]);
  });

  it('that an agent closed is not opened again for the same promise', async () => {
    const { id } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await stand.world.draw();
    await stand.database.dataSource.query(
      `UPDATE agent_task SET closed_at = app_now(), outcome = 'could-not-reach' WHERE convocation_id = $1`,
      [id],
    );
    await stand.world.tell(id, { ...OFF, occurrence: 3 });
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toHaveLength(1);
    expect(await stand.database.dataSource.transaction((tx) => stand.world.reach.reachOf(tx, [id]))).toEqual(
      new Map([[id, 'unreachable']]),
    );
  });
});

describe('what an agent said', () => {
  const close = (id: string, outcome: string) =>
    stand.database.dataSource.query(
      `UPDATE agent_task SET closed_at = app_now(), outcome = $2 WHERE convocation_id = $1 AND closed_at IS NULL`,
      [id, outcome],
    );
  const TOO_LATE = { state: 'expired', reason: 'too-late', occurrence: 3 } as const;

  it('once does not silence later reminders: they still go by e-mail', async () => {
    const { id } = await failing({ startsAt: '2026-06-09T17:00:00Z' }, { ...OFF, kind: 'summons' });
    await stand.world.draw();
    await close(id, 'reached');
    await stand.database.dataSource.query(
      'UPDATE person SET email_id = $2 WHERE id = (SELECT person_id FROM convocation WHERE id = $1)',
      [id, await contactId(stand.database.dataSource, 'ada@example.org')],
    );
    const reminder = await stand.world.tell(id, OFF);
    await stand.world.draw();
    expect(await stand.world.message(reminder)).toMatchObject({ state: 'planned', wanted_channel: 'email' });
    expect(await stand.world.tasks(id)).toHaveLength(1);
  });

  it.each(['reached', 'could-not-reach'])(
    '(%s) says nothing of a message that was due later and dropped',
    async (outcome) => {
      const { id } = await failing({ startsAt: TOMORROW }, { state: 'suppressed', reason: 'no-phone' });
      await stand.world.draw();
      await close(id, outcome);
      await moveClock(stand.database.dataSource, '2026-06-09T12:00:00Z');
      await stand.world.tell(id, TOO_LATE);
      await stand.world.draw();
      expect(await stand.world.tasks(id)).toEqual([
        { kind: 'reach-otherwise', reason: 'no-phone', outcome },
        { kind: 'reach-otherwise', reason: 'too-late', outcome: null },
      ]);
    },
  );

  it('after a message was due is said of it, too', async () => {
    const { id } = await failing({ startsAt: TOMORROW }, { state: 'suppressed', reason: 'no-phone' });
    await stand.world.draw();
    await stand.world.tell(id, TOO_LATE);
    await moveClock(stand.database.dataSource, '2026-06-09T12:00:00Z');
    await close(id, 'reached');
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toHaveLength(1);
  });

  it('of the appointment says nothing of its cancellation', async () => {
    const { id } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    await stand.world.draw();
    await stand.database.dataSource.query(
      `UPDATE agent_task SET closed_at = app_now(), outcome = 'reached' WHERE convocation_id = $1`,
      [id],
    );
    await stand.database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'court' WHERE id = $1`,
      [id],
    );
    await stand.world.tell(id, { ...OFF, kind: 'cancellation' });
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: 'reached' },
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
    ]);
  });
});

describe('a text that told of two appointments', () => {
  it('and did not arrive is a task for each', async () => {
    const { id, message } = await failing({ startsAt: '2026-06-09T17:00:00Z' });
    const other = await stand.world.summon({ startsAt: '2026-06-09T18:00:00Z' });
    const merged = await stand.world.tell(other, { state: 'withdrawn' });
    await stand.database.dataSource.query('UPDATE message SET told_by_message_id = $2 WHERE id = $1', [
      merged,
      message,
    ]);
    await stand.world.draw();
    for (const one of [id, other])
      expect(await stand.world.tasks(one)).toEqual([
        { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: null },
      ]);
  });
});

describe('a number', () => {
  it('is flagged at the third message in a row that did not arrive', async () => {
    const phone = '+33622222210';
    const id = await stand.world.summon({ startsAt: TOMORROW, phone });
    for (const occurrence of [7, 3]) {
      await stand.world.tell(id, { ...OFF, occurrence });
      await stand.world.draw();
    }
    expect(await stand.world.person(id)).toMatchObject({ phone_failures: 2, phone_flagged_at: null });
    await stand.world.tell(id, { ...OFF, occurrence: 1 });
    await stand.world.draw();
    expect(await stand.world.person(id)).toMatchObject({
      phone_failures: 3,
      phone_flagged_at: expect.anything(),
      phone_flag_reason: 'three-failures',
    });
    expect(await stand.world.tasks(id)).toContainEqual({
      kind: 'correct-number',
      reason: 'three-failures',
      outcome: null,
    });
  });

  it('is flagged at once when it is nobody’s, for everybody registered with it', async () => {
    const phone = '+33633333310';
    const other = await stand.world.summon({ startsAt: TOMORROW, phone });
    const { id } = await failing({ startsAt: TOMORROW, phone }, { state: 'undelivered', errorCode: '30005' });
    await stand.world.draw();
    for (const one of [id, other])
      expect(await stand.world.person(one)).toMatchObject({ phone_flag_reason: 'wrong-number' });
    const rows: { n: number }[] = await stand.database.dataSource.query(
      `SELECT count(*)::int AS n FROM history_entry h JOIN person p ON p.id = h.person_id
        WHERE p.phone_id = $1 AND event = 'person.number-flagged'`,
      [await contactId(stand.database.dataSource, phone)],
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
      await stand.world.draw();
      expect(await stand.world.person(id)).toMatchObject({ phone_failures: 0, phone_flagged_at: null });
    }
  });

  it('corrected: the text that missed the old one leaves to the new one, and the task about it closes', async () => {
    const { id, message } = await failing(
      { startsAt: '2026-06-09T17:00:00Z' },
      { state: 'failed', errorCode: '21614' },
    );
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'correct-number', reason: 'wrong-number', outcome: null },
      { kind: 'reach-otherwise', reason: 'wrong-number', outcome: null },
    ]);
    await stand.database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_failures = 0, phone_flagged_at = NULL,
         phone_flag_reason = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id, await contactId(stand.database.dataSource, '+33644444410')],
    );
    await stand.world.draw();
    expect(await stand.world.message(message)).toMatchObject({ state: 'planned', wanted_channel: 'sms' });
    expect(await stand.world.tasks(id)).toContainEqual({
      kind: 'correct-number',
      reason: 'wrong-number',
      outcome: 'no-longer-needed',
    });
  });
});

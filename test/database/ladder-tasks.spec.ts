import { contactId } from '../support/contacts.js';
import { moveClock } from '../support/database.js';
import { failingOn, NOW, OFF, THIS_EVENING, TOMORROW } from '../support/failing-texts.js';
import { useToldWorld } from '../support/told-world.js';

const stand = useToldWorld(NOW);
const failing = failingOn(stand);

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
    const { id } = await failing({ startsAt: THIS_EVENING });
    await stand.world.draw();
    await stand.database.dataSource.query(sql, [id]);
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'reach-otherwise', reason: 'phone-unreachable', outcome: 'no-longer-needed' },
    ]);
  });

  it('that an agent closed is not opened again for the same promise', async () => {
    const { id } = await failing({ startsAt: THIS_EVENING });
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
    const { id } = await failing({ startsAt: THIS_EVENING }, { ...OFF, kind: 'summons' });
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
    const { id } = await failing({ startsAt: THIS_EVENING });
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
    const { id, message } = await failing({ startsAt: THIS_EVENING });
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

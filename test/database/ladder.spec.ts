import { moveClock } from '../support/database.js';
import { failingOn, NOW, OFF, THIS_EVENING, TOMORROW } from '../support/failing-texts.js';
import { useToldWorld } from '../support/told-world.js';

const stand = useToldWorld(NOW);
const failing = failingOn(stand);

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
    const { id, message } = await failing({ startsAt: THIS_EVENING });
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
        act_before: new Date(THIS_EVENING),
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
    for (let n = 0; n < 30; n++) ids.push((await failing({ startsAt: THIS_EVENING })).id);
    await Promise.all(Array.from({ length: 5 }, () => stand.world.draw()));
    const rows: { n: number }[] = await stand.database.dataSource.query(
      `SELECT count(*)::int AS n FROM history_entry WHERE event = 'task.opened' AND convocation_id = ANY($1)`,
      [ids],
    );
    expect(rows).toEqual([{ n: 30 }]);
    for (const id of ids) expect(await stand.world.person(id)).toMatchObject({ phone_failures: 1 });
  });
});

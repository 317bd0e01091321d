import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

describeBackends('a change that is told too late', (backend) => {
  const stand = useStand({ REDIS_URL: backend.redisUrl, DATABASE_POOL_SIZE: '1' });

  /** By the service, and told. */
  async function cancel(...ids: readonly string[]): Promise<void> {
    await stand.database.dataSource.query(
      `UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = ANY($1)`,
      [ids],
    );
    for (const id of ids) await stand.world.plan(id, 'cancelled', true);
  }

  async function tasksOf(
    id: string,
  ): Promise<{ reason: string; act_before: Date | null; outcome: string | null }[]> {
    return stand.database.dataSource.query(
      `SELECT reason, act_before, outcome FROM agent_task WHERE convocation_id = $1 ORDER BY opened_at`,
      [id],
    );
  }

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
    await cancel(id, inTime);
    await moveClock(stand.database.dataSource, at('2026-08-19', '20:31'));
    await stand.engine.run('sweep');
    await stand.engine.run('follow-up');
    expect(await stand.world.state(id, 'cancellation')).toBe('expired');
    expect(await stand.world.state(inTime, 'cancellation')).toBe('planned');
    const tasks = await stand.database.dataSource.query<{ reason: string; convocation_id: string }[]>(
      `SELECT reason, convocation_id FROM agent_task WHERE kind = 'reach-otherwise' AND convocation_id = ANY($1)`,
      [[id, inTime]],
    );
    expect(tasks).toEqual([{ reason: 'old-hour', convocation_id: id }]);
    expect(stand.operator.to(phone)).toEqual([]);
  });

  it('tells an agent as soon as the text about a change is put off beyond the old hour', async () => {
    await moveClock(stand.database.dataSource, at('2026-08-19', '10:00'));
    const phone = aMobile();
    const id = await stand.world.book({ date: '2026-08-20', time: '07:30', phone });
    const cancelled = await stand.world.book({ date: '2026-08-20', time: '08:30' });
    await moveClock(stand.database.dataSource, at('2026-08-19', '19:58'));
    await stand.world.move(id, { date: '2026-08-27', time: '14:00' });
    await stand.world.plan(id, 'rescheduled', true);
    await cancel(cancelled);
    expect([await tasksOf(id), await tasksOf(cancelled)]).toEqual([[], []]);
    // Nobody took it before the window closed.
    await moveClock(stand.database.dataSource, at('2026-08-19', '20:30'));
    await stand.engine.drain();
    expect(await tasksOf(id)).toEqual([
      { reason: 'old-hour', act_before: new Date(at('2026-08-20', '07:30')), outcome: null },
    ]);
    expect(await tasksOf(cancelled)).toEqual([
      { reason: 'old-hour', act_before: new Date(at('2026-08-20', '08:30')), outcome: null },
    ]);
    await moveClock(stand.database.dataSource, at('2026-08-20', '08:00'));
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
  });

  it('tells an agent at once of a change whose text leaves while the person is on the way', async () => {
    await moveClock(stand.database.dataSource, at('2026-08-25', '10:00'));
    const bookedAt = (time: string) => stand.world.book({ date: '2026-08-26', time });
    const [tight, inTime, moved] = [
      await bookedAt('08:30'),
      await bookedAt('09:00'),
      await bookedAt('08:45'),
    ];
    await moveClock(stand.database.dataSource, at('2026-08-25', '22:00'));
    await cancel(tight, inTime);
    await stand.world.move(moved, { date: '2026-08-27', time: '14:00' });
    await stand.world.plan(moved, 'rescheduled', true);
    const told = (time: string) => ({
      reason: 'old-hour',
      act_before: new Date(at('2026-08-26', time)),
      outcome: null,
    });
    expect(await tasksOf(tight)).toEqual([told('08:30')]);
    expect(await tasksOf(moved)).toEqual([told('08:45')]);
    expect(await tasksOf(inTime)).toEqual([]);
    await stand.engine.run('follow-up');
    expect(await tasksOf(tight)).toEqual([told('08:30')]);
    // One that leaves now is told by the text.
    await moveClock(stand.database.dataSource, at('2026-08-26', '08:20'));
    const late = await bookedAt('09:10');
    await cancel(late);
    expect(await tasksOf(late)).toEqual([]);
  });

  it('tells an agent four hours before the hour that is off when a change still waits', async () => {
    await moveClock(stand.database.dataSource, at('2026-08-24', '08:15'));
    const cancelled = await stand.world.book({ date: '2026-08-24', time: '14:00' });
    const moved = await stand.world.book({ date: '2026-08-24', time: '14:15' });
    await cancel(cancelled);
    await stand.world.move(moved, { date: '2026-08-27', time: '14:00' });
    await stand.world.plan(moved, 'rescheduled', true);
    // Nothing relays them.
    await moveClock(stand.database.dataSource, at('2026-08-24', '09:55'));
    await stand.engine.run('check-reach');
    expect([await tasksOf(cancelled), await tasksOf(moved)]).toEqual([[], []]);
    await moveClock(stand.database.dataSource, at('2026-08-24', '10:14'));
    await stand.engine.run('check-reach');
    await stand.engine.run('check-reach');
    const waits = (time: string) => ({
      reason: 'still-waiting',
      act_before: new Date(at('2026-08-24', time)),
      outcome: null,
    });
    expect(await tasksOf(cancelled)).toEqual([waits('14:00')]);
    expect(await tasksOf(moved)).toEqual([waits('14:15')]);
    await stand.engine.drain();
    expect(await stand.world.state(cancelled, 'cancellation')).toBe('accepted');
  });
});

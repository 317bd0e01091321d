import { ApiCaller } from '../support/api-caller.js';
import { moveClock } from '../support/database.js';

describe('a convocation moved at night through the API, when texts wait for the morning', () => {
  const caller = new ApiCaller();
  const { book } = caller;

  const NIGHT = '2026-06-09T18:30:00Z';
  const move = (id: string, more: object = {}) =>
    caller.api.post(`/convocations/${id}/reschedule`, {
      agendaId: caller.spip.agendaId,
      date: '2026-06-15',
      time: '14:00',
      ...more,
    });
  const tasks = (id: string): Promise<object[]> =>
    caller.web.dataSource.query(
      'SELECT kind, reason, act_before, closed_at FROM agent_task WHERE convocation_id = $1 ORDER BY opened_at',
      [id],
    );
  /** What an agent must say before somebody comes for nothing. */
  const before = (hour: string) => ({
    kind: 'reach-otherwise',
    reason: 'old-hour',
    act_before: new Date(hour),
    closed_at: null,
  });
  const bookedAt = async (time: string): Promise<string> =>
    (await book({ date: '2026-06-10', time })).body.id;

  it('has an agent tell whoever would come at the old hour before the text leaves', async () => {
    const early = await bookedAt('07:15');
    const late = await bookedAt('09:45');
    await moveClock(caller.web.dataSource, NIGHT);
    const { body } = await move(early);
    expect(body.notifications).toContainEqual(
      expect.objectContaining({
        kind: 'rescheduling',
        state: 'planned',
        dueAt: '2026-06-10T06:00:00.000Z',
      }),
    );
    await move(late, { time: '15:00' });
    expect(await tasks(early)).toEqual([before('2026-06-10T05:15:00Z')]);
    expect(await tasks(late)).toEqual([]);
  });

  it('asks no agent when the caller tells the person, or when the text leaves in time', async () => {
    const [silent, inTime] = [await bookedAt('07:15'), await bookedAt('07:20')];
    await move(inTime);
    await moveClock(caller.web.dataSource, NIGHT);
    await move(silent, { time: '15:00', notify: false });
    expect([await tasks(silent), await tasks(inTime)]).toEqual([[], []]);
  });

  it('announces the new promise to whoever was to be told of the first and was not', async () => {
    await moveClock(caller.web.dataSource, NIGHT);
    const told = await bookedAt('10:15');
    const silent = (await book({ date: '2026-06-10', time: '10:30', notify: false })).body.id;
    const kindsAfter = async (id: string, more: object) =>
      (await move(id, { notify: false, ...more })).body.notifications
        .filter(({ state }: { state: string }) => state === 'planned')
        .map(({ kind }: { kind: string }) => kind);
    expect(await kindsAfter(told, { time: '15:30' })).toContain('summons');
    expect(await kindsAfter(told, { time: '15:45' })).toContain('summons');
    expect(await kindsAfter(silent, { time: '16:15' })).not.toContain('summons');
    const heard = await bookedAt('11:15');
    await caller.web.dataSource.query(
      `UPDATE message SET state = 'accepted', accepted_at = app_now() WHERE convocation_id = $1 AND kind = 'summons'`,
      [heard],
    );
    expect(await kindsAfter(heard, { time: '16:45' })).not.toContain('summons');
    expect(await tasks(told)).toEqual([]);
  });

  it('keeps in mind the hour the person knows when it is moved twice', async () => {
    const id = await bookedAt('07:15');
    await moveClock(caller.web.dataSource, NIGHT);
    await move(id);
    await move(id, { date: '2026-06-16' });
    expect((await tasks(id)).at(-1)).toEqual(before('2026-06-10T05:15:00Z'));
  });
});

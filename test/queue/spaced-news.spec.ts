import { PreviewMessages } from '../../src/notifications/plans/preview-messages.js';
import { describeBackends } from '../support/backends.js';
import { moveClock } from '../support/database.js';
import { type Engine, startEngine } from '../support/engine.js';
import { useStand } from '../support/stand.js';
import { aMobile, at } from '../support/world.js';

describeBackends('news that waits three hours after another text, by its plan', (backend) => {
  const more = { REDIS_URL: backend.redisUrl };
  const stand = useStand(more);
  const clock = (date: string, time: string) => moveClock(stand.database.dataSource, at(date, time));
  const summoned = (personId: string, date: string, time = '09:30') =>
    stand.world.book({ date, time, personId, notify: true, isSpaced: true });
  const summons = async (id: string) =>
    (await stand.world.messages(id)).find(({ kind }) => kind === 'summons');

  it('leaves when its turn has come, and was planned for that hour', async () => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    await clock('2026-06-01', '10:00');
    await summoned(personId, '2026-06-15');
    await stand.engine.drain();
    await clock('2026-06-01', '10:05');
    const second = await summoned(personId, '2026-06-18');
    expect((await summons(second))?.due_at.toISOString()).toMatch(/^2026-06-01T11:0/);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
    await clock('2026-06-01', '13:01');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
  });

  it('is decided again when it is sent: two booked together never leave within three hours', async () => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    await clock('2026-06-02', '10:00');
    const both = [await summoned(personId, '2026-06-16'), await summoned(personId, '2026-06-19')];
    const other: Engine = await startEngine(stand.database, stand.operator, more);
    try {
      await Promise.all([stand.engine.drain(), other.drain()]);
    } finally {
      await other.stop();
    }
    expect(stand.operator.to(phone)).toHaveLength(1);
    const states = await Promise.all(both.map(async (id) => (await summons(id))?.state));
    expect(states.sort()).toEqual(['accepted', 'planned']);
    await clock('2026-06-02', '13:01');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
  });

  it('leaves at once when it would leave less than a day before the hour', async () => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    await clock('2026-06-03', '10:00');
    await summoned(personId, '2026-06-17');
    await stand.engine.drain();
    await clock('2026-06-03', '10:05');
    await summoned(personId, '2026-06-04', '11:00');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
  });

  it('never delays a move', async () => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    await clock('2026-06-05', '10:00');
    const id = await summoned(personId, '2026-06-22');
    await stand.engine.drain();
    await clock('2026-06-05', '10:05');
    await stand.world.move(id, { date: '2026-06-23', time: '09:30' });
    await stand.world.plan(id, 'rescheduled', true);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
  });

  it('comes after a move that is due with it', async () => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    await clock('2026-06-22', '10:00');
    const moved = await summoned(personId, '2026-07-20');
    await stand.engine.drain();
    await clock('2026-06-24', '21:00');
    const another = await summoned(personId, '2026-07-15');
    await stand.world.move(moved, { date: '2026-07-21', time: '09:30' });
    await stand.world.plan(moved, 'rescheduled', true);
    await clock('2026-06-25', '08:01');
    await stand.engine.drain();
    const [, ...others] = stand.operator.to(phone);
    expect(others.map(({ body }) => body)).toEqual([expect.stringContaining('21 juillet')]);
    expect((await summons(another))?.state).toBe('planned');
  });

  it('after an absence, waits for it too', async () => {
    const phone = aMobile();
    const personId = await stand.world.person({ phone });
    await clock('2026-06-08', '09:00');
    const missed = await stand.world.book({ date: '2026-06-08', time: '09:30', personId, isSpaced: true });
    await summoned(personId, '2026-06-24');
    await stand.engine.drain();
    await clock('2026-06-08', '10:00');
    await stand.database.dataSource.query(
      `UPDATE convocation SET state = 'missed', outcome_at = app_now() WHERE id = $1`,
      [missed],
    );
    await stand.world.plan(missed, 'missed', true);
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(1);
    await clock('2026-06-08', '12:01');
    await stand.engine.drain();
    expect(stand.operator.to(phone)).toHaveLength(2);
  });

  it('is said before it is booked', async () => {
    const personId = await stand.world.person();
    await clock('2026-06-09', '10:00');
    const id = await summoned(personId, '2026-06-25');
    await stand.engine.drain();
    await clock('2026-06-09', '10:05');
    const { dataSource } = stand.database;
    const rows: { typeCode: string; agendaId: string }[] = await dataSource.query(
      'SELECT type_code AS "typeCode", agenda_id AS "agendaId" FROM convocation WHERE id = $1',
      [id],
    );
    const asked = {
      date: '2026-06-26',
      time: '14:00',
      personId,
      movedId: null,
      announce: 'summons',
    } as const;
    const preview = await dataSource.transaction(async (tx) => {
      const [row] = rows;
      return row && stand.engine.module.get(PreviewMessages).execute(tx, { ...row, ...asked });
    });
    expect(preview?.messages[0]).toMatchObject({
      kind: 'summons',
      localDate: '2026-06-09',
      reason: 'spaced',
    });
    expect(preview?.messages[0]?.localTime).toMatch(/^13:0/);
  });
});

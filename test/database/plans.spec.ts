import { parsePlan } from '../../src/notifications/domain/parse-plan.js';
import { type ReminderStep } from '../../src/notifications/domain/reminder-plan.js';
import { ONE_DAY, RECOMMENDED } from '../../src/notifications/domain/reminder-plan-presets.js';
import { moveClock } from '../support/database.js';
import { PARIS, PlannedWorld } from '../support/planned-world.js';

let world: PlannedWorld;
beforeEach(async () => {
  world = await PlannedWorld.open({ poolSize: 1 });
});
afterEach(() => world.close());

describe('plans', () => {
  it('start from the recommended one, stored as the code knows it', async () => {
    const rows = await world.sql<{ steps: unknown }>('SELECT steps FROM reminder_plan');
    expect(rows.map(({ steps }) => parsePlan(steps))).toEqual([RECOMMENDED]);
  });

  describe('booking', () => {
    it('far ahead and for the first time: a week, three days and a day before', async () => {
      expect(await world.planned(await world.booked({ date: '2026-06-18', notify: true }))).toEqual([
        'summons 0 2026-06-01 10:00',
        'reminder 7 2026-06-11 10:00',
        'reminder 3 2026-06-15 10:00',
        'reminder 1 2026-06-17 10:00',
      ]);
    });

    it.each([
      ['nine days ahead', '2026-06-10', ['1 2026-06-09']],
      ['ten days ahead', '2026-06-11', ['7 2026-06-04', '1 2026-06-10']],
    ])('for somebody seen before, %s', async (_case, date, expected) => {
      const who = await world.person();
      await world.past(who, '2026-05-04', 'attended');
      expect(await world.planned(await world.booked({ date, person: who }))).toEqual(
        expected.map((said) => `reminder ${said} 10:00`),
      );
    });

    it.each([
      ['one absence', ['missed', 'attended'], 1],
      ['two absences', ['missed', 'missed'], 2],
    ])('after %s within a year', async (_case, states, reminders) => {
      const who = await world.person();
      await world.past(who, '2026-04-06', states[0] ?? '');
      await world.past(who, '2026-05-04', states[1] ?? '');
      expect(await world.planned(await world.booked({ date: '2026-06-08', person: who }))).toHaveLength(
        reminders,
      );
    });

    it('absences of more than a year ago count no more', async () => {
      const who = await world.person();
      await world.past(who, '2025-05-28', 'missed');
      await world.past(who, '2026-05-04', 'missed');
      expect(await world.planned(await world.booked({ date: '2026-06-08', person: who }))).toHaveLength(1);
    });

    it('for tomorrow: the summons alone, or the reminder alone', async () => {
      expect(
        await world.planned(await world.booked({ date: '2026-06-02', time: '15:00', notify: true })),
      ).toEqual(['summons 0 2026-06-01 10:00']);
      expect(await world.planned(await world.booked({ date: '2026-06-02', time: '15:00' }))).toEqual([
        'reminder 1 2026-06-01 15:00',
      ]);
      expect(await world.planned(await world.booked({ date: '2026-06-02', time: '09:00' }))).toEqual([
        'reminder 1 2026-06-01 10:00',
      ]);
    });

    it('by the channel, hour and limit of the plan of the type', async () => {
      const day = RECOMMENDED.reminders.at(-1) as ReminderStep;
      const plan = {
        ...RECOMMENDED,
        summons: { ...RECOMMENDED.summons, channel: 'email' as const, hour: '19:00', usefulUntilHours: 36 },
        reminders: [{ ...day, channel: 'sms' as const, hour: '18:00', usefulUntilHours: 10 }],
      };
      await world.change({ typeCode: 'suivi-spip', plan });
      const id = await world.booked({ date: '2026-06-10', notify: true });
      const rows = await world.sql<{ wanted_channel: string; until: string }>(
        `SELECT wanted_channel, to_char(useful_until AT TIME ZONE '${PARIS}', 'DD HH24:MI') AS until FROM message
          WHERE convocation_id = $1 ORDER BY due_at`,
        [id],
      );
      expect(rows).toEqual([
        { wanted_channel: 'email', until: '08 22:00' },
        { wanted_channel: 'sms', until: '10 00:00' },
      ]);
      expect((await world.planned(id))[0]).toBe('summons 0 2026-06-01 19:00');
      expect((await world.planned(id))[1]).toBe('reminder 1 2026-06-09 18:00');
      expect(
        await world.planned(await world.booked({ date: '2026-06-10', typeCode: 'suivi-jap' })),
      ).toHaveLength(2);
    });

    it('a plan that says nothing after an absence sends nothing', async () => {
      const id = await world.booked({ date: '2026-06-02' });
      const other = await world.booked({ date: '2026-06-03' });
      await world.changed(id, 'missed', true);
      await world.change({ plan: { ...ONE_DAY, afterAbsence: null } });
      await world.changed(other, 'missed', true);
      const rows = await world.sql<{ id: string }>(
        `SELECT convocation_id AS id FROM message WHERE kind = 'after-absence'`,
      );
      expect(rows).toEqual([{ id }]);
    });
  });

  it('reopened: planned again as on the day it was promised', async () => {
    const id = await world.booked({ date: '2026-06-18', notify: true });
    await world.sql(`UPDATE message SET state = 'delivered', accepted_at = app_now() WHERE kind = 'summons'`);
    await world.changed(id, 'excused');
    expect(await world.planned(id)).toEqual([]);
    await moveClock(world.dataSource, '2026-06-10T08:00:00Z');
    await world.changed(id, 'reopened');
    expect(await world.planned(id)).toEqual([
      'reminder 7 2026-06-11 10:00',
      'reminder 3 2026-06-15 10:00',
      'reminder 1 2026-06-17 10:00',
    ]);
    await world.changed(id, 'excused');
    await moveClock(world.dataSource, '2026-06-16T08:00:00Z');
    await world.changed(id, 'reopened');
    expect(await world.planned(id)).toEqual(['reminder 1 2026-06-17 10:00']);
    await world.changed(id, 'excused');
    await moveClock(world.dataSource, '2026-06-17T16:00:00Z');
    await world.changed(id, 'reopened');
    expect(await world.planned(id)).toEqual(['reminder 1 2026-06-17 18:00']);
  });
});

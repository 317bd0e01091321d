import { ONE_DAY, RECOMMENDED } from '../../src/notifications/domain/reminder-plan-presets.js';
import { moveClock } from '../support/database.js';
import { PlannedWorld } from '../support/planned-world.js';

let world: PlannedWorld;
beforeEach(async () => {
  world = await PlannedWorld.open({ poolSize: 1 });
});
afterEach(() => world.close());

const NOTHING = { moved: 0, added: 0, withdrawn: 0, altered: 0 };
const announcedAt = (hour: string | null) => ({ ...ONE_DAY, summons: { ...ONE_DAY.summons, hour } });

describe('a plan that moves a summons that waits', () => {
  it('gives the reminder that the old hour left no room for', async () => {
    await world.change({ plan: announcedAt('18:00') });
    await moveClock(world.dataSource, '2026-06-01T16:55:00Z');
    const id = await world.booked({ date: '2026-06-03', time: '09:00', notify: true });
    expect(await world.planned(id)).toEqual(['summons 0 2026-06-02 18:00']);
    const soonest = { plan: announcedAt(null), basedOn: 1 };
    const expected = { ...NOTHING, moved: 1, added: 1 };
    expect(await world.change(soonest, true)).toEqual(expected);
    expect(await world.planned(id)).toEqual(['summons 0 2026-06-02 18:00']);
    expect(await world.change(soonest)).toEqual(expected);
    expect(await world.planned(id)).toEqual(['summons 0 2026-06-01 18:55', 'reminder 1 2026-06-02 09:00']);
    expect(await world.change({ ...soonest, basedOn: 2 })).toEqual(NOTHING);
  });

  it('takes away the reminder that would leave before it', async () => {
    const { organizationId } = world.service;
    const hours = { organizationId, sendWindow: '06:00-23:00', sendsOnClosedDays: true, isDryRun: false };
    await world.dataSource.transaction((tx) => world.hours.execute(tx, hours, world.admin));
    const step = { offsetDays: 2, hour: '18:00' };
    const reminders = ONE_DAY.reminders.map((one) => ({ ...one, ...step }));
    await world.change({ plan: { ...ONE_DAY, reminders } });
    await moveClock(world.dataSource, '2026-06-01T21:30:00Z');
    const id = await world.booked({ date: '2026-06-04', time: '09:00', notify: true });
    expect(await world.planned(id)).toEqual(['summons 0 2026-06-02 06:00', 'reminder 2 2026-06-02 18:00']);
    const atNight = { plan: { ...announcedAt('22:00'), reminders }, basedOn: 1 };
    const expected = { ...NOTHING, moved: 1, withdrawn: 1 };
    expect(await world.change(atNight, true)).toEqual(expected);
    expect(await world.change(atNight)).toEqual(expected);
    expect(await world.planned(id)).toEqual(['summons 0 2026-06-02 22:00']);
  });
});

describe('a plan that asks for the same reminders', () => {
  it('takes none from somebody who has missed a first appointment since', async () => {
    const person = await world.person();
    const first = await world.booked({ date: '2026-06-01', time: '09:00', person });
    const next = await world.booked({ date: '2026-06-18', person });
    const before = await world.planned(next);
    expect(before).toHaveLength(3);
    await moveClock(world.dataSource, '2026-06-01T09:00:00Z');
    await world.sql(`UPDATE convocation SET state = 'missed', outcome_at = app_now() WHERE id = $1`, [first]);
    await world.changed(first, 'missed');
    for (const isDryRun of [true, false])
      expect(await world.change({ plan: RECOMMENDED, weeklyLimit: 5 }, isDryRun)).toEqual(NOTHING);
    expect(await world.planned(next)).toEqual(before);
    // Promised since, it is a second appointment.
    const later = await world.booked({ date: '2026-06-24', person });
    expect(await world.planned(later)).toHaveLength(2);
    expect(await world.change({ plan: RECOMMENDED, weeklyLimit: 4, basedOn: 1 })).toEqual(NOTHING);
  });

  it('takes none for an absence that is now of more than a year ago', async () => {
    const person = await world.person();
    for (const date of ['2025-06-03', '2026-05-04']) await world.past(person, date, 'missed');
    const next = await world.booked({ date: '2026-06-18', person });
    const before = await world.planned(next);
    expect(before).toHaveLength(3);
    await moveClock(world.dataSource, '2026-06-05T08:00:00Z');
    expect(await world.change({ plan: RECOMMENDED, weeklyLimit: 5 })).toEqual(NOTHING);
    expect(await world.planned(next)).toEqual(before);
  });
});

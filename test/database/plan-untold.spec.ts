import { RECOMMENDED } from '../../src/notifications/domain/reminder-plan-presets.js';
import type { ReminderPlan } from '../../src/notifications/domain/reminder-plan.js';
import { moveClock } from '../support/database.js';
import { PlannedWorld } from '../support/planned-world.js';

let world: PlannedWorld;
beforeEach(async () => {
  world = await PlannedWorld.open();
});
afterEach(() => world.close());

const weekBefore = (when: ReminderPlan['reminders'][number]['when']): ReminderPlan => ({
  ...RECOMMENDED,
  reminders: RECOMMENDED.reminders.slice(0, 1).map((one) => ({ ...one, offsetDays: 7, when })),
});
/** Nobody of these tests is booked so far ahead. */
const FOR_NEARLY_NOBODY = weekBefore({ if: 'booked-ahead', days: 60 });
const FOR_ALL = weekBefore({ if: 'always' });
const NOTHING = { moved: 0, added: 0, withdrawn: 0, altered: 0 };
const AT_ONCE = ['reminder 7 2026-06-01 10:00'];

/** In five days: the hour of a reminder seven days before is past. */
const inFiveDays = (notify: boolean) => world.booked({ date: '2026-06-06', notify });

describe('a plan that asks for a reminder whose hour is past', () => {
  beforeEach(async () => {
    await world.change({ plan: FOR_NEARLY_NOBODY });
  });
  const change = async () => {
    const counted = await world.change({ plan: FOR_ALL, basedOn: 1 }, true);
    expect(await world.change({ plan: FOR_ALL, basedOn: 1 })).toEqual(counted);
    return counted;
  };

  it('sends it at once to whoever has no message at all, and says so beforehand', async () => {
    const id = await inFiveDays(false);
    expect(await world.planned(id)).toEqual([]);
    expect(await change()).toEqual({ ...NOTHING, added: 1 });
    expect(await world.planned(id)).toEqual(AT_ONCE);
    expect(await world.sql('SELECT lane FROM message')).toEqual([{ lane: 1 }]);
    expect(await world.change({ plan: FOR_ALL, basedOn: 2 })).toEqual(NOTHING);
  });

  it('wakes nobody who was told', async () => {
    const ids = [await inFiveDays(true), await inFiveDays(false), await inFiveDays(false)];
    await world.sql(`UPDATE message SET state = 'delivered', accepted_at = due_at`);
    await world.sql(
      `INSERT INTO agent_task (kind, reason, person_id, convocation_id, promise_version, organization_id, closed_at, outcome)
       SELECT 'reach-otherwise', 'nothing-sent', person_id, id, 1, organization_id, app_now(), 'reached'
         FROM convocation WHERE id = $1`,
      [ids[1]],
    );
    await world.sql(
      `INSERT INTO message (convocation_id, kind, occurrence, promise_version, state, reason, due_at, first_due_at, useful_until)
       SELECT id, 'summons', 0, 1, 'suppressed', 'no-phone', app_now(), app_now(), starts_at FROM convocation WHERE id = $1`,
      [ids[2]],
    );
    expect(await change()).toEqual(NOTHING);
  });

  it('leaves alone what was booked before the service sent anything', async () => {
    await inFiveDays(false);
    await world.sql(`UPDATE organization SET rolled_out_on = '2026-06-02'`);
    await moveClock(world.dataSource, '2026-06-02T08:00:00Z');
    expect(await change()).toEqual(NOTHING);
  });
});

import { TWO_DAYS } from '../../src/notifications/domain/reminder-plan-presets.js';
import { PlannedWorld } from '../support/planned-world.js';
import { someoneWaits } from '../support/someone-waits.js';

let world: PlannedWorld;
beforeEach(async () => {
  world = await PlannedWorld.open();
});
afterEach(() => world.close());

it('two administrators who change hours and plan at once leave reminders by both', async () => {
  const id = await world.booked({ date: '2026-06-18', time: '08:30' });
  const { organizationId } = world.service;
  const hours = { organizationId, sendWindow: '09:00-17:00', sendsOnClosedDays: true, isDryRun: false };
  let second: Promise<unknown> = Promise.resolve();
  await world.dataSource.transaction(async (tx) => {
    await world.hours.execute(tx, hours, world.admin);
    second = world.change({ organizationId: null, basedOn: await newest(), plan: TWO_DAYS });
    await someoneWaits(world.dataSource);
  });
  await second;
  expect(await world.planned(id)).toEqual(['reminder 2 2026-06-16 09:00']);
});

async function newest(): Promise<number> {
  const rows = await world.sql<{ version: number }>(
    'SELECT coalesce(max(version), 0)::int AS version FROM reminder_plan WHERE organization_id IS NULL AND type_code IS NULL',
  );
  return rows[0]?.version ?? 0;
}

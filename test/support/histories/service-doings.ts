import { ChangePlan } from '../../../src/notifications/plans/change-plan.js';
import { ChangeServiceHours } from '../../../src/notifications/plans/change-service-hours.js';
import { HoldSending } from '../../../src/notifications/surety/hold-sending.js';
import { ReleaseSending } from '../../../src/notifications/surety/release-sending.js';
import { type Doing, one } from './doing.js';
import { HOURS, PLANS } from './world.js';

export const plan: Doing = async (world, act) => {
  const service = one(world.services, act.where);
  if (service === undefined) return;
  const wanted = { organizationId: service.id, typeCode: null, plan: one(PLANS, act.hour) ?? null };
  const command = { ...wanted, weeklyLimit: act.told ? 4 : 2, basedOn: service.planVersion, isDryRun: false };
  await world.engine.act((tx) => world.engine.get(ChangePlan).execute(tx, command, world.admin()));
  service.planVersion++;
  world.planChanged = true;
};

export const hours: Doing = async (world, act) => {
  const service = one(world.services, act.where);
  const wanted = one(HOURS, act.hour);
  if (service === undefined || wanted === undefined) return;
  const command = {
    organizationId: service.id,
    sendWindow: wanted.join('-'),
    sendsOnClosedDays: act.told,
    isDryRun: false,
  };
  await world.engine.act((tx) => world.engine.get(ChangeServiceHours).execute(tx, command, world.admin()));
  Object.assign(service, { hours: wanted, closes: !act.told });
  world.planChanged = true;
};

export const hold: Doing = async (world) => {
  const command = { reason: 'command', detail: 'history' } as const;
  await world.engine.act((tx) => world.engine.get(HoldSending).execute(tx, command, 'cli'));
  world.isHeld = true;
};

export const release: Doing = async (world) => {
  await world.engine.act(async (tx) => {
    const rows: { id: string }[] = await tx.query(
      'SELECT id::text AS id FROM sending_hold WHERE released_at IS NULL',
    );
    for (const { id } of rows) await world.engine.get(ReleaseSending).execute(tx, 'cli', id);
  });
  world.isHeld = false;
};

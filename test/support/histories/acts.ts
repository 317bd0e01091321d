import fc from 'fast-check';
import { DomainError } from '../../../src/shared/domain-error.js';
import * as appointments from './appointment-doings.js';
import { type Act, type Doing, one } from './doing.js';
import * as persons from './person-doings.js';
import * as services from './service-doings.js';
import type { OfficeWorld } from './world.js';

const MINUTE = 60_000;
const WAITS = [1, 7, 45, 200, 700, 1440, 2900, 5 * 1440].map((minutes) => minutes * MINUTE);

const wait: Doing = (world, act) => world.engine.wait(one(WAITS, act.hour + act.days) ?? MINUTE);

const DOINGS: Readonly<Record<string, Doing>> = { ...appointments, ...persons, ...services, wait };
/** Of each beside the others; 2 where it is not named. */
const WEIGHTS: Readonly<Record<string, number>> = {
  ...{ book: 16, wait: 28, move: 10, cancel: 8, phone: 4 },
  ...{ excuse: 1, attend: 1, stop: 1, notMe: 1, refuse: 1, hold: 1 },
};

const aDoing = fc.oneof(
  ...Object.keys(DOINGS).map((name) => ({
    arbitrary: fc.constant(name),
    weight: WEIGHTS[name] ?? 2,
  })),
);
const about = (doing: fc.Arbitrary<string>): fc.Arbitrary<Act> =>
  fc.record({
    do: doing,
    who: fc.nat(3),
    where: fc.nat(2),
    days: fc.oneof(fc.constantFrom(0, 1, 1, 2), fc.nat(14)),
    hour: fc.integer({ min: 7, max: 19 }),
    told: fc.oneof({ arbitrary: fc.constant(true), weight: 3 }, { arbitrary: fc.constant(false), weight: 1 }),
  });

export const anAct = about(aDoing);
export const aBooking = about(fc.constant('book'));

/** What the product refuses has not happened. */
export async function play(world: OfficeWorld, act: Act): Promise<void> {
  const at = new Date(world.now).toISOString();
  try {
    await DOINGS[act.do]?.(world, act);
    if (act.do !== 'wait') world.lastActAt = world.now;
    world.said.push(`${at} ${act.do} ${JSON.stringify(act)}`);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    world.said.push(`${at} ${act.do} refused: ${error.code}`);
  }
}

import fc from 'fast-check';
import { auditDatabase } from '../../../src/notifications/surety/auditor.js';
import { aBooking, anAct, play } from './acts.js';
import type { Act } from './doing.js';
import { Judge } from './judge.js';
import type { Engine } from './engine.js';
import { ANSWERS, REPORTS } from './phones.js';
import { OfficeWorld, type Setup } from './world.js';

const DAY = 24 * 3_600_000;

const aBehaviour = fc.record({
  answer: fc.oneof(
    { arbitrary: fc.constant(ANSWERS[0]), weight: 8 },
    { arbitrary: fc.constantFrom(...ANSWERS), weight: 4 },
  ),
  report: fc.oneof(
    { arbitrary: fc.constant(REPORTS[0]), weight: 6 },
    { arbitrary: fc.constantFrom(...REPORTS), weight: 6 },
  ),
  after: fc.constantFrom(0, 1, 5, 40, 600),
});

const aSetup: fc.Arbitrary<Setup> = fc.record({
  begins: fc.constantFrom(
    ...[
      '2026-06-09T08:00:00Z',
      '2026-10-23T07:00:00Z',
      '2027-03-26T16:00:00Z',
      '2026-12-23T19:30:00Z',
      '2026-07-10T23:00:00Z',
    ],
  ),
  persons: fc.array(
    fc.record({
      phone: fc.oneof({ arbitrary: fc.nat(2), weight: 6 }, { arbitrary: fc.nat(4), weight: 1 }),
      email: fc.boolean(),
      discreet: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  closes: fc.boolean(),
  plan: fc.nat(3),
  script: fc.array(aBehaviour, { maxLength: 8 }),
});

export interface History {
  readonly setup: Setup;
  readonly acts: readonly Act[];
}

export const aHistory: fc.Arbitrary<History> = fc.record({
  setup: aSetup,
  acts: fc
    .tuple(
      fc.array(aBooking, { minLength: 1, maxLength: 3 }),
      fc.array(anAct, { minLength: 2, maxLength: 16 }),
    )
    .map(([bookings, acts]) => [...bookings, ...acts]),
});

/** Plays a history to its end. @returns what is wrong with it, and what happened */
export async function judged(
  engine: Engine,
  { setup, acts }: History,
): Promise<{ wrong: string[]; said: string[] }> {
  const world = await OfficeWorld.open(engine, setup);
  const judge = new Judge(world);
  engine.onTick = () => judge.look();
  for (const act of acts) await play(world, act);
  if (world.isHeld) await play(world, { do: 'release', who: 0, where: 0, days: 0, hour: 7, told: true });
  const last = Math.max(
    world.now,
    ...world.appointments.flatMap(({ promises }) => promises.map(({ startsAt }) => startsAt)),
  );
  await engine.wait(last - world.now + 9 * DAY);
  await judge.end();
  const got = engine.phones.got.map(
    ({ at, way, to, body, end }) =>
      `${new Date(at).toISOString()} ${way} ${to} ${body.slice(0, 90)} [${end?.status ?? '-'}]`,
  );
  return { wrong: [...judge.wrong, ...(await audited(engine))], said: [...world.said, ...got] };
}

async function audited({ database }: Engine): Promise<string[]> {
  const settings = { sendWindow: '08:00-20:00', mailIsOn: true };
  const breaches = await database.dataSource.transaction((tx) => auditDatabase(tx, settings));
  return breaches.map(({ invariant, sentence, count }) => `auditor ${invariant}: ${sentence} (${count})`);
}

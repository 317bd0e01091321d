import { armAt } from '../../src/notifications/domain/trial-assignment.js';
import { designEffect } from '../../src/statistics/domain/effects/cluster-interval.js';
import { armsPower, outcomesPerArm } from '../../src/statistics/domain/effects/power.js';
import { compareArms, type UnitOutcomes } from '../../src/statistics/domain/effects/trials.js';
import { type Random, randomOf } from './random.js';

const ALPHA = 0.05;
const SERVICES = 6;
/** Persons of one A/A trial, and how many convocations each of them has at most. */
const [PERSONS, MOST_EACH] = [400, 4];
/** Of two outcomes of one person, and how many each person has in the planted trial. */
const [ICC, EACH] = [0.1, 2];
const PLANTED = { from: 0.25, to: 0.2 } as const;
const WANTED_POWER = 0.8;

/** Two equal arms, drawn by the product’s own assignment: how often a difference is found although there is none. */
export function alarmRate(trials: number, seed: number): number {
  let alarms = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const random = randomOf(seed + 2, trial);
    const levels = Array.from({ length: SERVICES }, () => 0.15 + 0.2 * random.next());
    const arms = drawn(`A/A ${seed} ${trial}`, PERSONS, random, (service) => ({
      rate: levels[service] ?? 0,
      known: random.below(MOST_EACH + 1),
    }));
    if (isFound(arms)) alarms += 1;
  }
  return alarms / trials;
}

/** Five points less in the second arm, with as many persons as the stated power asks for. */
export function plantedPower(
  trials: number,
  seed: number,
): { readonly stated: number; readonly found: number } {
  const plan = { ...PLANTED, designEffect: designEffect(EACH, ICC) };
  const perArm = Math.ceil(outcomesPerArm(plan, WANTED_POWER) / EACH);
  let found = 0;
  for (let trial = 0; trial < trials; trial += 1) {
    const random = randomOf(seed + 3, trial);
    const arms = drawn(`planted ${seed} ${trial}`, 2 * perArm, random, (_service, arm) => ({
      rate: arm === 0 ? PLANTED.from : PLANTED.to,
      known: EACH,
    }));
    if (isFound(arms)) found += 1;
  }
  return { stated: armsPower(plan, perArm * EACH), found: found / trials };
}

type Arms = readonly [UnitOutcomes[], UnitOutcomes[]];

function drawn(
  seed: string,
  persons: number,
  random: Random,
  person: (service: number, arm: number) => { readonly rate: number; readonly known: number },
): Arms {
  const arms: Arms = [[], []];
  const entered = new Array<number>(SERVICES).fill(0);
  for (let unit = 0; unit < persons; unit += 1) {
    const service = random.below(SERVICES);
    const stratum = `service ${service}`;
    const position = entered[service] ?? 0;
    entered[service] = position + 1;
    const arm = armAt({ seed, stratum, shares: [1, 1] }, position);
    const { rate, known } = person(service, arm);
    arms[arm]?.push({ known, missed: outcomes(rate, known, random), stratum });
  }
  return arms;
}

/** Each outcome repeats the person’s own habit with probability √ICC: any two of them correlate by ICC. */
function outcomes(rate: number, known: number, random: Random): number {
  const habit = random.next() < rate;
  let missed = 0;
  for (let outcome = 0; outcome < known; outcome += 1) {
    const isHabitual = random.next() < Math.sqrt(ICC);
    if (isHabitual ? habit : random.next() < rate) missed += 1;
  }
  return missed;
}

function isFound([first, second]: Arms): boolean {
  const comparison = compareArms(first, second);
  return comparison.kind === 'estimate' && comparison.pValue < ALPHA;
}

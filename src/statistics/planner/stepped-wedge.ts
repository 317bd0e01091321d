import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { isWhole } from '../../shared/whole-number.js';

/** A roll-out in which chance decides which services start first: the services that wait are the comparison. */
export interface WedgeDesign {
  readonly organizationIds: readonly string[];
  /** Kept with the plan: the same services and seed always give the same order. */
  readonly seed: string;
  readonly steps: number;
  /** Month in which the first services start, `YYYY-MM`. */
  readonly firstMonth: string;
  /** Between two steps, and observed before the first. */
  readonly monthsPerStep: number;
  /** What is expected: outcomes known per service and month; rates as shares. */
  readonly outcomesPerMonth: number;
  readonly rate: number;
  /** Change of the rate, below 0: -0.05 is five points fewer absences. */
  readonly effect: number;
  /** Correlation of two outcomes of one service. */
  readonly icc: number;
}

/** When one service begins. */
export interface WedgeRow {
  readonly organizationId: string;
  /** From 1. */
  readonly step: number;
  /** `YYYY-MM-01`: its first day with messages. */
  readonly startsOn: string;
}

export const BOUNDS = {
  services: { least: 2, most: 200 },
  steps: { least: 1, most: 24 },
  monthsPerStep: { least: 1, most: 12 },
  outcomesPerMonth: { least: 1, most: 10_000 },
} as const;

export type DesignFault =
  | 'services'
  | 'seed'
  | 'steps'
  | 'firstMonth'
  | 'monthsPerStep'
  | 'outcomesPerMonth'
  | 'rate'
  | 'effect'
  | 'icc';

/** @returns what is wrong, in the order of the form; nothing for a design that can be drawn */
export function designFaults(design: WedgeDesign): readonly DesignFault[] {
  const { organizationIds, steps, seed, firstMonth, rate, effect, icc } = design;
  const sound: Readonly<Record<DesignFault, boolean>> = {
    services: isWhole(organizationIds.length, BOUNDS.services),
    steps: isWhole(steps, BOUNDS.steps) && steps <= Math.max(2, organizationIds.length),
    firstMonth: /^20\d\d-(0[1-9]|1[0-2])$/.test(firstMonth),
    monthsPerStep: isWhole(design.monthsPerStep, BOUNDS.monthsPerStep),
    outcomesPerMonth: isWhole(design.outcomesPerMonth, BOUNDS.outcomesPerMonth),
    rate: rate >= 0.01 && rate <= 0.99,
    effect: effect < 0 && rate + effect > 0,
    icc: icc >= 0 && icc <= 0.5,
    seed: /^[\w-]{1,60}$/.test(seed),
  };
  return (Object.keys(sound) as DesignFault[]).filter((name) => !sound[name]);
}

/** Services in the order drawn, with their step and first day. */
export function drawWedge(design: WedgeDesign): readonly WedgeRow[] {
  const sizes = servicesPerStep(design);
  const stepOf = sizes.flatMap((size, at) => Array.from({ length: size }, () => at + 1));
  return drawOrder(design.organizationIds, design.seed).map((organizationId, at) => {
    const step = stepOf[at] ?? sizes.length;
    return { organizationId, step, startsOn: `${monthOfStep(design, step)}-01` };
  });
}

/** As even as can be; the first steps take what is left over. */
export function servicesPerStep({ organizationIds, steps }: WedgeDesign): readonly number[] {
  const [each, over] = [Math.floor(organizationIds.length / steps), organizationIds.length % steps];
  return Array.from({ length: steps }, (_, at) => each + (at < over ? 1 : 0));
}

/** First month of each period, `YYYY-MM`: one before the first step, then one per step. */
export function periodsOf(design: WedgeDesign): readonly string[] {
  return Array.from({ length: design.steps + 1 }, (_, step) => monthOfStep(design, step));
}

function monthOfStep({ firstMonth, monthsPerStep }: WedgeDesign, step: number): string {
  return Temporal.PlainYearMonth.from(firstMonth)
    .add({ months: (step - 1) * monthsPerStep })
    .toString();
}

/**
 * In the order of SHA-256(seed, id): every order is as likely as any other to who does not know the seed, and anybody
 * who knows it can draw again with any tool. The order in which the services were chosen does not matter.
 */
function drawOrder(ids: readonly string[], seed: string): readonly string[] {
  const rank = (id: string) => createHash('sha256').update(`${seed}\n${id}`).digest('hex');
  const ranked = [...new Set(ids)].map((id) => ({ id, rank: rank(id) }));
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ id }) => id);
}

import type { Interval, RateInterval } from '../estimate.js';
import { DEFAULT_ICC, designEffect, wilsonInterval } from './cluster-interval.js';
import { independentDifference } from './naive.js';

/** One line of a breakdown: a type, an age band, a delay, a kind of message and whether it was delivered. */
export interface BreakdownRow {
  readonly key: string;
  readonly missed: number;
  /** attended + missed + excused. */
  readonly known: number;
  /** Persons among them, when known: their repeated outcomes widen the interval. */
  readonly persons?: number;
}

/** Rates by a property: what goes together, not what causes what. */
export interface Association {
  readonly rows: readonly (BreakdownRow & { readonly rate: RateInterval })[];
  /** Highest rate − lowest rate, of the lines with outcomes enough; null with fewer than two of them. */
  readonly contrast: Interval | null;
  readonly sentence: string;
}

/** Said under every breakdown. */
export const NOT_AN_EFFECT = 'C’est une association, pas un effet.';
/** Outcomes under which a line enters no comparison. */
const FEWEST_OUTCOMES = 30;

/** Rates of the lines of a breakdown with their intervals, never called an effect. */
export function association(rows: readonly BreakdownRow[]): Association {
  const told = rows.map((row) => ({ ...row, rate: rateOf(row) }));
  const compared = told
    .filter(({ known }) => known >= FEWEST_OUTCOMES)
    .toSorted((a, b) => a.rate.value - b.rate.value);
  const [lowest, highest] = [compared[0], compared.at(-1)];
  const contrast =
    lowest === undefined || highest === undefined || lowest === highest
      ? null
      : independentDifference(effective(lowest), effective(highest));
  return { rows: told, contrast, sentence: NOT_AN_EFFECT };
}

function rateOf({ missed, known, persons }: BreakdownRow): RateInterval {
  return wilsonInterval(missed, known, effectOf(known, persons));
}

const effectOf = (known: number, persons: number | undefined) =>
  persons === undefined || persons === 0 ? 1 : designEffect(known / persons, DEFAULT_ICC);

function effective({ missed, known, persons }: BreakdownRow): readonly [number, number] {
  const effect = effectOf(known, persons);
  return [missed / effect, known / effect];
}

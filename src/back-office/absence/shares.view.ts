import { knownOutcomes } from '../../statistics/domain/absence-rate.js';
import type { BreakdownRow } from '../../statistics/breakdown.query.js';
import { DIMENSION_VALUES, DIMENSIONS, FEWEST_FOR_A_RATE } from '../../statistics/domain/breakdown.js';
import {
  type Difference,
  rateDifference,
  type RateBounds,
  rateInterval,
  type Share,
} from '../../statistics/domain/rate-interval.js';
import { DIMENSION_WORDS } from './absence-words.js';

export interface ShareRow extends Share {
  readonly label: string;
  /** Null: too few outcomes for a rate. */
  readonly interval: RateBounds | null;
  readonly before: Share | null;
  /** Since the start minus before; null when one side says too little. */
  readonly difference: Difference | null;
}

export interface ShareTable {
  readonly key: string;
  readonly title: string;
  readonly hint: string | null;
  readonly rows: readonly ShareRow[];
  readonly hasBefore: boolean;
}

/**
 * One table per property of a convocation, its rows in the order they are read, without those that are empty.
 * @param hasStart rows are told apart before and since a start
 */
export function shareTables(
  rows: readonly BreakdownRow[],
  hasStart: boolean,
  designEffect: number,
  types: readonly { readonly code: string; readonly name: string }[],
): readonly ShareTable[] {
  const table = (
    key: BreakdownRow['dimension'],
    words: { title: string; hint: string | null },
    labels: readonly (readonly [value: string, label: string])[],
  ): ShareTable => {
    const own = rows.filter(({ dimension }) => dimension === key);
    const shown = labels.flatMap(([value, label]) => {
      const cells = own.filter((cell) => cell.value === value);
      const row = rowOf(label, cells, hasStart, designEffect);
      return row.known === 0 && row.before === null ? [] : [row];
    });
    return { key, ...words, rows: shown, hasBefore: shown.some(({ before }) => before !== null) };
  };
  const typed = table(
    'type',
    { title: 'Par type de convocation', hint: null },
    types.map(({ code, name }) => [code, name] as const),
  );
  const others = DIMENSIONS.map((dimension) => {
    const { values, ...words } = DIMENSION_WORDS[dimension];
    return table(
      dimension,
      words,
      DIMENSION_VALUES[dimension].map((value) => [value, values[value] ?? value] as const),
    );
  });
  return [typed, ...others].filter((one) => one.rows.length > 0);
}

function rowOf(
  label: string,
  cells: readonly BreakdownRow[],
  hasStart: boolean,
  designEffect: number,
): ShareRow {
  const share = shareOf(hasStart ? cells.filter(({ isSince }) => isSince) : cells);
  const earlier = shareOf(hasStart ? cells.filter(({ isSince }) => !isSince) : []);
  const before = earlier.known === 0 ? null : earlier;
  const saysEnough = (side: Share) => side.known >= FEWEST_FOR_A_RATE;
  return {
    label,
    ...share,
    before,
    interval: saysEnough(share) ? rateInterval(share, designEffect) : null,
    difference:
      before !== null && saysEnough(share) && saysEnough(before)
        ? rateDifference(before, share, designEffect)
        : null,
  };
}

function shareOf(cells: readonly BreakdownRow[]): Share {
  return {
    missed: cells.reduce((sum, { missed }) => sum + missed, 0),
    known: cells.reduce((sum, cell) => sum + knownOutcomes(cell), 0),
  };
}

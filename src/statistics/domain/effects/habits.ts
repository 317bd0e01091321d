import { knownOutcomes } from '../absence-rate.js';
import type { Refusal, ServiceSeries } from '../estimate.js';
import { studentPValue } from './distributions.js';
import { type Month, sides, sumOf } from './months.js';
import type { Habit, HabitFlag } from './reports.js';
import { addMonths } from './series.js';

/** Pairs of the same calendar month, one before and one after, that are compared at most and at least. */
const [MOST_PAIRS, FEWEST_PAIRS] = [12, 6];
/** A jump is told when it is as improbable as this by chance, and as large as this. */
const IMPROBABLE = 0.002;

interface Rule {
  readonly habit: Habit;
  /** Share of a month, or its volume; null when nothing is there. */
  readonly measure: (month: Month) => number | null;
  readonly least: number;
  readonly words: string;
}

const all = (month: Month) => knownOutcomes(month) + month.unknown + month.cancelled;
const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);

/** What is compared before and after the start, and from which change on it is told. */
export const HABITS: readonly Rule[] = [
  {
    habit: 'excused',
    // Among those who came or were excused: an effect moves absences, and must not move this share.
    measure: (month) => share(month.excused, month.attended + month.excused),
    least: 0.01,
    words: 'La part des excusés parmi les présents et excusés',
  },
  {
    habit: 'unknown',
    measure: (month) => share(month.unknown, knownOutcomes(month) + month.unknown),
    least: 0.01,
    words: 'La part des issues non renseignées',
  },
  {
    habit: 'cancelled',
    measure: (month) => share(month.cancelled, all(month)),
    least: 0.015,
    words: 'La part des convocations annulées',
  },
  { habit: 'volume', measure: all, least: 0.2, words: 'Le nombre de convocations par mois' },
];

/**
 * Jumps at the start in how outcomes are recorded: each of the first twelve months against the same calendar month
 * before the start, so that the season cancels; paired t test.
 * @returns empty when nothing jumps, or when fewer than six months can be paired
 */
export function habitsChange(series: ServiceSeries): readonly HabitFlag[] {
  const pairs = pairedMonths(series);
  if (pairs.length < FEWEST_PAIRS) return [];
  return HABITS.map((rule) => flagOf(rule, pairs)).filter((flag) => flag !== null);
}

type Pair = readonly [before: Month, after: Month];

function pairedMonths(series: ServiceSeries): readonly Pair[] {
  const { before, after } = sides(series);
  const byMonth = new Map(before.map((month) => [month.month, month]));
  return after.slice(0, MOST_PAIRS).flatMap((month): readonly Pair[] => {
    const same = [12, 24, 36]
      .map((back) => byMonth.get(addMonths(month.month, -back)))
      .find((m) => m !== undefined);
    return same === undefined ? [] : [[same, month]];
  });
}

function flagOf({ habit, measure, least, words }: Rule, pairs: readonly Pair[]): HabitFlag | null {
  const jumps = pairs.flatMap(([before, after]) => {
    const [one, two] = [measure(before), measure(after)];
    if (one === null || two === null || (habit === 'volume' && (one === 0 || two === 0))) return [];
    return [habit === 'volume' ? Math.log(two / one) : two - one];
  });
  if (jumps.length < FEWEST_PAIRS) return null;
  const mean = jumps.reduce((a, b) => a + b, 0) / jumps.length;
  const variance = jumps.reduce((sum, jump) => sum + (jump - mean) ** 2, 0) / (jumps.length - 1);
  const pValue = studentPValue(mean / Math.sqrt(variance / jumps.length), jumps.length - 1);
  if (Math.abs(mean) < least || pValue > IMPROBABLE) return null;
  const [before, after] = [
    levelOf(
      habit,
      pairs.map(([month]) => month),
    ),
    levelOf(
      habit,
      pairs.map(([, m]) => m),
    ),
  ];
  return habitFlag(habit, words, before, after);
}

/** The share, or the monthly number, over some months together. */
export function levelOf(habit: Habit, months: readonly Month[]): number {
  const [part, whole] = {
    excused: [({ excused }: Month) => excused, ({ attended, excused }: Month) => attended + excused] as const,
    unknown: [
      ({ unknown }: Month) => unknown,
      (month: Month) => knownOutcomes(month) + month.unknown,
    ] as const,
    cancelled: [({ cancelled }: Month) => cancelled, all] as const,
    volume: [all, () => 1] as const,
  }[habit];
  return sumOf(months, part) / Math.max(1, sumOf(months, whole));
}

/** The change in plain French, before and after. */
export function habitFlag(habit: Habit, words: string, before: number, after: number): HabitFlag {
  const told = (value: number) =>
    habit === 'volume' ? String(Math.round(value)) : `${(value * 100).toFixed(1).replace('.', ',')}\u00a0%`;
  return {
    ...{ habit, before, after },
    sentence: `${words} est passé${habit === 'volume' ? '' : 'e'} de ${told(before)} à ${told(after)} à la mise en service : l’habitude de noter a pu changer avec elle.`,
  };
}

/** More or fewer convocations are told; shares that jump forbid an effect, because they may be the effect. */
export function refusesEffects({ habit }: HabitFlag): boolean {
  return habit !== 'volume';
}

/** Why no effect is shown. */
export function habitsChanged(flags: readonly HabitFlag[]): Refusal {
  return {
    kind: 'refused',
    code: 'habits-changed',
    reason: `${flags.map(({ sentence }) => sentence).join(' ')} Les comptes ne distinguent pas une absence évitée d’une absence notée autrement.`,
  };
}

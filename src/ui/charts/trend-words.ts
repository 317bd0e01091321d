import { monthInWords, NBSP, percent, plainDate } from '../typography.js';

/** One month of a rate. */
export interface TrendPoint {
  /** `YYYY-MM` */
  readonly month: string;
  /** Between 0 and 1; null where nothing can be said. */
  readonly rate: number | null;
  /** Bounds of the 95 % interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Imported counts of before, not recorded here. */
  readonly isBaseline: boolean;
  /** Too few outcomes are known for the month to count in an estimate. */
  readonly isIncomplete: boolean;
}

/** A day on which something began or stopped. */
export interface TrendMark {
  /** `YYYY-MM-DD` */
  readonly on: string;
  /** « Mise en service », « Arrêt à l’antenne de … ». */
  readonly label: string;
  /** Of the service as a whole: its words stand in the drawing; the others get a letter that the caption explains. */
  readonly isMain: boolean;
}

/** A rate to be reached, from one month to another. */
export interface TrendTarget {
  readonly rate: number;
  /** `YYYY-MM`, both included. */
  readonly from: string;
  readonly until: string;
  /** « Objectif : 21,1 % ». */
  readonly words: string;
}

export interface TrendProps {
  /** Every month of the period, in order, those without a rate too. */
  readonly points: readonly TrendPoint[];
  readonly marks: readonly TrendMark[];
  readonly targets: readonly TrendTarget[];
  /** What the rate is of: « Taux d’absence ». */
  readonly subject?: string;
}

/** Letter of each mark that is not the main one, in order: A, B, C… */
export function letteredMarks(
  marks: readonly TrendMark[],
): readonly (TrendMark & { readonly letter: string | null })[] {
  let next = 0;
  return marks.map((mark) => ({
    ...mark,
    letter: mark.isMain ? null : String.fromCharCode(65 + (next++ % 26)),
  }));
}

export function trendTitle({ points, subject = 'Taux d’absence' }: TrendProps): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${subject} par mois`;
  return `${subject} par mois, ${monthInWords(first.month)} à ${monthInWords(last.month)}`;
}

/** What the drawing shows, in sentences: extremes, starts, targets, months drawn otherwise, and the last month. */
export function trendDescription(props: TrendProps): string {
  const known = props.points.filter(({ rate }) => rate !== null);
  const last = known.at(-1);
  if (last === undefined) return 'Aucune issue connue.';
  return [
    rangeOf(known),
    ...letteredMarks(props.marks).map(({ label, on }) => `${label} le ${plainDate(on)}.`),
    ...props.targets.map(({ words }) => `${words}.`),
    ...baselineWords(known),
    ...incompleteWords(known),
    `Dernier mois${NBSP}: ${percent(last.rate)} en ${monthInWords(last.month)}.`,
  ].join(' ');
}

function rangeOf(known: readonly TrendPoint[]): string {
  const sorted = known.toSorted((a, b) => (a.rate ?? 0) - (b.rate ?? 0));
  const at = (point: TrendPoint | undefined) =>
    point === undefined ? '' : `${percent(point.rate)} (${monthInWords(point.month)})`;
  return `Le taux va de ${at(sorted[0])} à ${at(sorted.at(-1))}.`;
}

function baselineWords(known: readonly TrendPoint[]): string[] {
  const months = known.filter(({ isBaseline }) => isBaseline);
  const last = months.at(-1);
  return last === undefined
    ? []
    : [`Jusqu’en ${monthInWords(last.month)}, chiffres repris d’avant (tirets).`];
}

function incompleteWords(known: readonly TrendPoint[]): string[] {
  const months = known.filter(({ isIncomplete }) => isIncomplete).map(({ month }) => monthInWords(month));
  return months.length === 0
    ? []
    : [`Moins de 98${NBSP}% d’issues connues (losanges)${NBSP}: ${months.join(', ')}.`];
}

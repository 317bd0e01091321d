import { NBSP } from '../typography.js';

/** One drawing of a chart: its box in pixels of the viewBox, and the prefix of its ids. */
export interface ChartFrame {
  readonly id: string;
  readonly className: string;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Scale = (value: number) => number;

/** Straight line through two points; a domain without length lies on the start of the range. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  return (value) => (from === to ? start : start + ((value - from) / (to - from)) * (end - start));
}

/** Steps that readers add without thinking: 1, 2 or 5 times a power of ten. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const lead = wanted / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/**
 * Round values that cover a range, the first at or below `low` and the last at or above `high`.
 * @param most how many of them at most, at least 2
 */
export function ticks(low: number, high: number, most = 6): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  let step = roundStep(span / Math.max(1, most - 1));
  const count = () => Math.ceil(high / step - 1e-9) - Math.floor(low / step + 1e-9) + 1;
  while (count() > Math.max(2, most)) step = roundStep(step * 1.5);
  const first = Math.floor(low / step + 1e-9);
  return Array.from({ length: count() }, (_, i) => clean((first + i) * step));
}

/** Without the dust of binary fractions: 0.1 × 3 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}

/** Coordinates with one decimal: finer than any screen, and half the size. */
export function fixed(value: number): string {
  return value.toFixed(1);
}

export interface PathPoint {
  readonly x: number;
  readonly y: number;
}

/** `d` of a line through the points. */
export function linePath(points: readonly PathPoint[]): string {
  return points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${fixed(x)} ${fixed(y)}`).join('');
}

/** `d` of the surface between an upper and a lower line over the same places. */
export function bandPath(upper: readonly PathPoint[], lower: readonly PathPoint[]): string {
  return upper.length === 0 ? '' : `${linePath([...upper, ...lower.toReversed()])}Z`;
}

/** Runs of neighbours that satisfy `holds`, as indexes: what fails it breaks the line. */
export function runsOf<T>(items: readonly T[], holds: (item: T) => boolean): readonly (readonly number[])[] {
  const runs: number[][] = [];
  items.forEach((item, at) => {
    if (!holds(item)) return;
    const run = runs.at(-1);
    if (run?.at(-1) === at - 1) run.push(at);
    else runs.push([at]);
  });
  return runs;
}

const SHORT = [
  'janv.',
  'févr.',
  'mars',
  'avr.',
  'mai',
  'juin',
  'juil.',
  'août',
  'sept.',
  'oct.',
  'nov.',
  'déc.',
];

/** « sept. 2025 ». @param month `YYYY-MM` */
export function shortMonth(month: string): string {
  return `${monthName(month)}${NBSP}${month.slice(0, 4)}`;
}

function monthName(month: string): string {
  return SHORT[Number(month.slice(5, 7)) - 1] ?? '';
}

/** `YYYY-MM` so many months later, or earlier when negative. */
export function monthAfter(month: string, by: number): string {
  const index = indexOf(month) + by;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Months since year 0. */
function indexOf(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

/** Every month from the first to the last, both included; empty when the last comes before. */
export function monthsFrom(first: string, last: string): readonly string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = monthAfter(month, 1)) months.push(month);
  return months;
}

export interface MonthTick {
  /** Place in the list of months. */
  readonly at: number;
  readonly label: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

/**
 * Labels under a month axis, none nearer to another than `width`: the first and the last month always, between them
 * January and every so many months. The year is said when it changes.
 * @param step pixels between two months
 * @param width pixels that a label takes with the space after it
 */
export function monthTicks(months: readonly string[], step: number, width: number): readonly MonthTick[] {
  const last = months.length - 1;
  if (last < 0) return [];
  const every = [1, 2, 3, 4, 6, 12, 24, 60].find((size) => size * step >= width) ?? 120;
  const between = months.flatMap((month, at) => {
    const onStep = indexOf(month) % every === 0;
    return onStep && at * step >= width && (last - at) * step >= width ? [at] : [];
  });
  const shown = [...new Set([0, ...between, last])];
  const places = shown.length === 2 && last * step < width ? [0] : shown;
  return places.map((at, index) => {
    const month = months[at] ?? '';
    const previous = months[places[index - 1] ?? -1]?.slice(0, 4);
    return {
      at,
      label: previous === month.slice(0, 4) ? monthName(month) : shortMonth(month),
      anchor: at === 0 ? 'start' : at === last ? 'end' : 'middle',
    };
  });
}

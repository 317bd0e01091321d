import { isThere, type Panel } from './panel.js';

/**
 * One difference of differences: a service’s month against its own base months, minus the same for the services that
 * have not begun by `until`. Group-time effects of Callaway & Sant’Anna 2021 (doi 10.1016/j.jeconom.2020.12.001)
 * are the means of these over services that began together; one base month is theirs exactly.
 */
export interface Comparison {
  readonly service: number;
  readonly month: number;
  readonly base: readonly number[];
  /** Comparison services start after this month. */
  readonly until: number;
}

/** Weights of every cell in the mean of some comparisons: the estimate is Σ weight × y. They sum to 0 by service and month. */
export interface Contrast {
  readonly weights: Float64Array;
  /** Comparisons that could be made, and their services. */
  readonly made: readonly Comparison[];
  readonly treated: ReadonlySet<number>;
  readonly comparisons: ReadonlySet<number>;
}

/** Share of the base months that a comparison service must have. */
const ENOUGH_BASE = 0.5;

/** Those that cannot be made (nobody to compare with) are left out; all others count the same. */
export function contrastOf(panel: Panel, wanted: readonly Comparison[]): Contrast {
  const made: Comparison[] = [];
  const treated = new Set<number>();
  const comparisons = new Set<number>();
  const weights = new Float64Array(panel.services * panel.months);
  for (const comparison of wanted) {
    const controls = controlsFor(panel, comparison);
    if (!spread(panel, comparison, controls, weights)) continue;
    made.push(comparison);
    treated.add(comparison.service);
    for (const control of controls) comparisons.add(control);
  }
  for (let cell = 0; cell < weights.length; cell += 1) weights[cell] = (weights[cell] ?? 0) / made.length;
  return { weights, made, treated, comparisons };
}

function controlsFor(panel: Panel, { service, month, base, until }: Comparison): readonly number[] {
  if (!isThere(panel, service, month)) return [];
  const found: number[] = [];
  for (let other = 0; other < panel.services; other += 1) {
    if (other === service || (panel.starts[other] ?? 0) <= until || !isThere(panel, other, month)) continue;
    let there = 0;
    for (const at of base) if (isThere(panel, other, at)) there += 1;
    if (there >= base.length * ENOUGH_BASE) found.push(other);
  }
  return found;
}

/** @returns false when some base month has nobody to compare with: nothing is spread then */
function spread(
  panel: Panel,
  comparison: Comparison,
  controls: readonly number[],
  weights: Float64Array,
): boolean {
  const { service, month, base } = comparison;
  const counts = base.map((at) => {
    let there = 0;
    for (const control of controls) if (isThere(panel, control, at)) there += 1;
    return there;
  });
  if (controls.length === 0 || base.length === 0 || counts.includes(0)) return false;
  const add = (of: number, at: number, weight: number) => {
    const cell = of * panel.months + at;
    weights[cell] = (weights[cell] ?? 0) + weight;
  };
  add(service, month, 1);
  for (const control of controls) add(control, month, -1 / controls.length);
  base.forEach((at, position) => {
    add(service, at, -1 / base.length);
    for (const control of controls)
      if (isThere(panel, control, at)) add(control, at, 1 / base.length / (counts[position] ?? 1));
  });
  return true;
}

/** The contrast, on the rates of the panel. */
export function valueOf(panel: Panel, { weights }: Contrast): number {
  let sum = 0;
  for (let cell = 0; cell < weights.length; cell += 1) {
    const weight = weights[cell] ?? 0;
    if (weight !== 0) sum += weight * (panel.y[cell] ?? 0);
  }
  return sum;
}

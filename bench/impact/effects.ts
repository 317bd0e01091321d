import { interruptedTimeSeries } from '../../src/statistics/domain/effects/interrupted.js';
import { naiveBeforeAfter } from '../../src/statistics/domain/effects/naive.js';
import { staggeredDifference } from '../../src/statistics/domain/effects/staggered.js';
import type { Interval } from '../../src/statistics/domain/estimate.js';
import { type Random, randomOf } from './random.js';
import { type Habit, worldOf } from './world.js';

export const MONTHS = 60;
const NEVER = Infinity;
/** First month with messages of each service; six never have them. */
const STARTS = [
  ...[20, 22, 24, 25, 26, 28, 30, 32, 33, 34, 36, 36, 38, 40, 42, 44, 46, 48],
  ...[NEVER, NEVER, NEVER, NEVER, NEVER, NEVER],
];
/** The service whose own series is looked at: thirty months on each side. */
const LOOKED_AT = STARTS.indexOf(30);
/** In turn, run by run: none, three and eight points less. */
const EFFECTS = [0, -0.03, -0.08];
const HABITS: readonly Habit[] = ['excused', 'cancelled', 'unmarked'];

/** Intervals that hold the truth, of those concluded. */
export class Coverage {
  concluded = 0;
  private covered = 0;
  private width = 0;
  readonly refused: Record<string, number> = {};

  see(finding: ({ kind: 'estimate' } & Interval) | { kind: 'refused'; code: string }, truth: number): void {
    if (finding.kind === 'refused') {
      this.refused[finding.code] = (this.refused[finding.code] ?? 0) + 1;
      return;
    }
    this.concluded += 1;
    if (finding.low <= truth && truth <= finding.high) this.covered += 1;
    this.width += finding.high - finding.low;
  }

  get rate(): number {
    return this.covered / this.concluded;
  }

  get meanWidth(): number {
    return this.width / this.concluded;
  }
}

export interface EffectResults {
  readonly staggered: Coverage;
  readonly interrupted: Coverage;
  readonly naive: Coverage;
  /** Share of the honest runs in which habits were said to have changed. */
  readonly falseAlarms: number;
}

/** Known effects on services with trend, season, shocks and fading novelty; truth = mean effect over the observed months. */
export function knownEffects(runs: number, seed: number): EffectResults {
  const [staggered, interrupted, naive] = [new Coverage(), new Coverage(), new Coverage()];
  let alarms = 0;
  for (let run = 0; run < runs; run += 1) {
    const effect = EFFECTS[run % EFFECTS.length] ?? 0;
    const { series, effects } = worldOf({ months: MONTHS, starts: STARTS, effect }, randomOf(seed, run));
    const overall = staggeredDifference(series);
    staggered.see(overall, mean(effects.flat()));
    if (overall.kind === 'refused' ? overall.code === 'habits-changed' : overall.habits.length > 0)
      alarms += 1;
    const [one, truth] = [series[LOOKED_AT], mean(effects[LOOKED_AT] ?? [])];
    if (one === undefined) continue;
    interrupted.see(interruptedTimeSeries(one), truth);
    naive.see(naiveBeforeAfter(one), truth);
  }
  return { staggered, interrupted, naive, falseAlarms: alarms / runs };
}

/** Worlds without any effect in which a part of what was missed is recorded otherwise from the start on. */
export function changedHabits(runs: number, seed: number): number {
  let flagged = 0;
  for (let run = 0; run < runs; run += 1) {
    const random: Random = randomOf(seed + 1, run);
    const habit = HABITS[run % HABITS.length] ?? 'excused';
    const { series } = worldOf({ months: MONTHS, starts: STARTS, effect: 0, habit }, random);
    const found = staggeredDifference(series);
    const isTold =
      found.kind === 'refused'
        ? found.code === 'habits-changed' || found.code === 'unknown-outcomes'
        : found.habits.length > 0;
    if (isTold) flagged += 1;
  }
  return flagged / runs;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

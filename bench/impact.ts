import { binomialBounds } from '../src/statistics/domain/effects/distributions.js';
import { changedHabits, type Coverage, knownEffects, MONTHS } from './impact/effects.js';
import { alarmRate, plantedPower } from './impact/trials.js';
import { rounded } from './support/figures.js';

export interface ImpactOptions {
  readonly runs: number;
  /** Any will do; printed. */
  readonly seed: number;
}

/** Coverage that is asked of the staggered comparison at a thousand runs. */
const COVERAGE = { low: 0.92, high: 0.97 } as const;
const TRIALS_PER_RUN = 5;
const ALPHA = 0.05;
const SURE = 0.999;
const FLAGGED = 0.95;

/**
 * Known effects on synthetic services: do the intervals hold the truth, are changed habits told, do trials without a
 * difference stay silent? A bound that is broken ends in 1.
 */
export function benchImpact({ runs, seed }: ImpactOptions): object {
  say(`seed ${seed}: the same seed gives the same figures`);
  const effects = knownEffects(runs, seed);
  tell('staggered differences', effects.staggered, `${MONTHS} months`);
  tell('interrupted series', effects.interrupted, `${MONTHS} months, 30 on each side`);
  tell('naive before/after', effects.naive, 'the same service');
  const habits = changedHabits(Math.max(1, Math.round(runs / 2)), seed);
  say(
    `changed habits told in ${rounded(habits * 100)} %, false alarms ${rounded(effects.falseAlarms * 100)} %`,
  );
  const trials = runs * TRIALS_PER_RUN;
  const alarms = alarmRate(trials, seed);
  say(`${trials} A/A trials, alarm in ${rounded(alarms * 100, 2)} %`);
  const power = plantedPower(runs, seed);
  say(`five points planted: stated power ${rounded(power.stated, 3)}, found ${rounded(power.found, 3)}`);
  check('did_coverage', effects.staggered.rate, coverageBounds(effects.staggered.concluded));
  check('naive_coverage', effects.naive.rate, { low: 0, high: COVERAGE.low - 0.1 });
  check('concluded', effects.staggered.concluded / runs, { low: 0.9, high: 1 });
  check('aa_alarm_rate', alarms, within(trials, ALPHA));
  check('habits_flagged', habits, { low: FLAGGED, high: 1 });
  check('power', power.found, within(runs, power.stated));
  return {
    its_coverage: rounded(effects.interrupted.rate, 4),
    did_coverage: rounded(effects.staggered.rate, 4),
    naive_coverage: rounded(effects.naive.rate, 4),
    aa_alarm_rate: rounded(alarms, 4),
    habits_flagged: rounded(habits, 4),
    power: rounded(power.found, 4),
    ...{ power_stated: rounded(power.stated, 4), its_months: MONTHS, runs, seed },
    ...{ did_concluded: effects.staggered.concluded, its_concluded: effects.interrupted.concluded },
    habits_false_alarms: rounded(effects.falseAlarms, 4),
  };
}

function tell(name: string, coverage: Coverage, months: string): void {
  const refused = JSON.stringify(coverage.refused);
  say(
    `${name} (${months}): ${rounded(coverage.rate * 100)} % of ${coverage.concluded} intervals hold the truth, ` +
      `mean width ${rounded(coverage.meanWidth * 100)} points, refused ${refused}`,
  );
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Fewer runs than a thousand tell less: then the exact bounds around 95 %, where they are wider. */
function coverageBounds(concluded: number): Bounds {
  const exact = within(concluded, 0.95);
  if (concluded >= 900) return COVERAGE;
  return { low: Math.min(COVERAGE.low, exact.low), high: Math.max(COVERAGE.high, exact.high) };
}

function within(n: number, p: number): Bounds {
  const { low, high } = binomialBounds(n, p, SURE);
  return { low: low / n, high: high / n };
}

function check(name: string, value: number, { low, high }: Bounds): void {
  if (value >= low && value <= high) return;
  say(`${name} = ${rounded(value, 4)} is outside ${rounded(low, 4)}–${rounded(high, 4)}`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import type { Interval } from './estimate.js';

/** What an absence costs a service; each may be changed by it. */
export interface UnitCosts {
  /** Euro cents. */
  readonly letterCents: number;
  readonly registeredCents: number;
  readonly hourCents: number;
  /** Letters that one absence leads to: summoning again. */
  readonly lettersPerAbsence: number;
  readonly registeredPerAbsence: number;
  /** Time of agents that one absence leads to. */
  readonly minutesPerAbsence: number;
}

/**
 * Postage: public price of a 20 g letter in 2026 (lettre verte; lettre recommandée R1 without notice of receipt). The
 * rest is assumed, until the service says better. The same as the defaults of the table.
 */
export const DEFAULT_UNIT_COSTS: UnitCosts = {
  letterCents: 152,
  registeredCents: 611,
  hourCents: 3500,
  lettersPerAbsence: 1,
  registeredPerAbsence: 0.3,
  minutesPerAbsence: 20,
};

/** Each with its 95 % bounds; less than zero is more than without messages. */
export interface Savings {
  readonly absences: Interval;
  readonly letters: Interval;
  readonly registered: Interval;
  readonly hours: Interval;
  readonly euros: Interval;
}

/**
 * What fewer absences spared since the start. Unit costs are taken as exact: only the effect is uncertain.
 * @param effect change of the absence rate, as a share: -0.05 is five points less
 * @param outcomes known outcomes since the start
 */
export function savings(effect: Interval, outcomes: number, costs: UnitCosts): Savings {
  const per = (factor: number): Interval => {
    const of = (change: number) => -change * outcomes * factor + 0;
    return { value: of(effect.value), low: of(effect.high), high: of(effect.low) };
  };
  const hoursEach = costs.minutesPerAbsence / 60;
  const centsEach =
    costs.lettersPerAbsence * costs.letterCents +
    costs.registeredPerAbsence * costs.registeredCents +
    hoursEach * costs.hourCents;
  return {
    absences: per(1),
    letters: per(costs.lettersPerAbsence),
    registered: per(costs.registeredPerAbsence),
    hours: per(hoursEach),
    euros: per(centsEach / 100),
  };
}

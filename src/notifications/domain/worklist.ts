import { MANY_ABSENCES } from './reminder-plan.js';
import type { ReachFacts } from './reach.js';

/** Why somebody may not come, the most pressing first. Nothing but these facts: no score, nothing about who they are. */
export const RISK_REASONS = [
  'not-reached',
  'no-phone',
  'refuses-texts',
  'problem-declared',
  'two-absences',
  'first-appointment',
] as const;
export type RiskReason = (typeof RISK_REASONS)[number];

/** What is known of one coming appointment and of what became of earlier ones. */
export interface RiskFacts extends ReachFacts {
  /** The person answered, or asked to be called, and nobody has dealt with it. */
  readonly problemDeclared: boolean;
  /** Missed within a year. */
  readonly absences: number;
  /** Never yet seen, missed or excused before. */
  readonly isFirst: boolean;
}

const RULES: Readonly<Record<RiskReason, (facts: RiskFacts) => boolean>> = {
  'not-reached': ({ taskOpen, gaveUp, arrived, toldByAgent, waiting }) =>
    taskOpen || (!arrived && !toldByAgent && (gaveUp || !waiting)),
  'no-phone': ({ hasPhone }) => !hasPhone,
  'refuses-texts': ({ smsRefused, hasPhone }) => smsRefused && hasPhone,
  'problem-declared': ({ problemDeclared }) => problemDeclared,
  'two-absences': ({ absences }) => absences >= MANY_ABSENCES,
  'first-appointment': ({ isFirst }) => isFirst,
};

/** Every reason that holds, in the order of the table; none: the appointment is on no list. */
export function reasonsOf(facts: RiskFacts): readonly RiskReason[] {
  return RISK_REASONS.filter((reason) => RULES[reason](facts));
}

/** The most pressing reason first, then the soonest. Negative: `a` comes before `b`. */
export function byUrgency(a: Ranked, b: Ranked): number {
  return rank(a) - rank(b) || a.startsAt.getTime() - b.startsAt.getTime();
}

interface Ranked {
  readonly reasons: readonly RiskReason[];
  readonly startsAt: Date;
}

function rank({ reasons: [first] }: Ranked): number {
  return first === undefined ? RISK_REASONS.length : RISK_REASONS.indexOf(first);
}

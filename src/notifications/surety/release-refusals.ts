import type { AskedOperator, ReleaseReport } from './release-report.query.js';
import type { ServedDecision } from './release-sending.js';
import type { Hold } from './sending-hold.js';
import type { Reading } from './served-since.query.js';

/** How a report is worse than the one that was read: a list is known less, or tells of more numbers. */
export type Worsening = 'unread' | 'more-served';

type Told = Pick<ReleaseReport, 'served' | 'unsure' | 'operators'>;
type Why = Pick<Hold, 'reason'>;

const RANKS = { whole: 0, 'no-list': 1, cut: 2, 'no-answer': 3 } as const satisfies Record<Reading, number>;

const isBlindCopy = ({ unsure }: Told, { reason }: Why) => reason === 'restored-backup' && unsure > 0;

/**
 * Whether somebody must say what becomes of messages that may have left: numbers were served since, or a backup was
 * restored and an operator that keeps a list did not give all of it.
 */
export function needsChoice(told: Told, hold: Why): boolean {
  return told.served > 0 || isBlindCopy(told, hold);
}

/** What a person read of the operators, to be given back with the decision: « twilio:whole:3,link-mobility:no-list:0 ». */
export function readingShown(operators: readonly AskedOperator[]): string {
  return operators.map(({ operator, outcome, numbers }) => `${operator}:${outcome}:${numbers}`).join(',');
}

/**
 * Numbers are compared, not messages: what falls due while somebody reads would refuse every release of a large service.
 * @param shown absent: no report is known; then only what a restored backup leaves open counts as worse
 */
export function worsening(told: Told, hold: Why, shown: string | undefined): Worsening | null {
  if (shown === undefined) return isBlindCopy(told, hold) ? 'unread' : null;
  const seen = new Map(shown.split(',').map((entry) => [entry.split(':')[0], entry.split(':').slice(1)]));
  const isFewer = [...seen.keys()].some((name) => name !== '' && !told.operators.some(isNamed(name)));
  const compared = told.operators.map((now) => worseThan(now, seen.get(now.operator)));
  if (isFewer || compared.includes('unread')) return 'unread';
  return compared.includes('more-served') ? 'more-served' : null;
}

const isNamed =
  (name: string | undefined) =>
  ({ operator }: AskedOperator): boolean =>
    operator === name;

function worseThan({ outcome, numbers }: AskedOperator, seen: readonly string[] = []): Worsening | null {
  const [then = '', count = ''] = seen;
  const rank = Object.entries(RANKS).find(([reading]) => reading === then)?.[1] ?? -1;
  if (RANKS[outcome] > rank) return 'unread';
  return then === outcome && !(numbers <= Number(count)) ? 'more-served' : null;
}

export interface Refusals {
  /** It is not said what becomes of messages that may have left. */
  readonly isUndecided: boolean;
  readonly worse: Worsening | null;
}

/** Why a release is not done yet; it is when neither is. */
export function refusalsOf(
  told: Told,
  hold: Why,
  { choice, shown }: Pick<ServedDecision, 'choice' | 'shown'>,
): Refusals {
  return {
    isUndecided: choice === null && needsChoice(told, hold),
    worse: worsening(told, hold, shown),
  };
}

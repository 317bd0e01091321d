import type { AskedOperator, ReleaseReport } from '../notifications/surety/release-report.query.js';
import type { ServedChoice } from '../notifications/surety/release-sending.js';
import type { Hold } from '../notifications/surety/sending-hold.js';

export interface Release {
  /** What held before the command. */
  readonly hold: Hold | null;
  readonly released: boolean;
  /** Refused until it is said what becomes of messages to numbers served since. */
  readonly isUndecided: boolean;
  readonly choice: ServedChoice | null;
  readonly report: ReleaseReport;
}

/** What the command `release` prints for a person. */
export function releaseSentences(release: Release): string[] {
  const { hold, report: told } = release;
  if (hold === null) return ['Sending is not held.'];
  const { leaving, late, expired, oldestDue, uncertain, rows } = told;
  const id = hold.id ?? '';
  return [
    `Held (${hold.reason}) by ${hold.setBy}: ${hold.detail ?? ''} (hold ${id})`,
    `Would leave now, each within its own hours: ${leaving}, of which ${late} late; oldest hour ${oldestDue?.toISOString() ?? '-'}`,
    ...rows.map(
      (row) =>
        `  ${row.organization}, ${row.kind}: ${row.leaving} would leave (${row.late} late, ${row.served} to numbers served since), ${row.expired} useful no longer`,
    ),
    `Useful no longer, each becomes a task for an agent: ${expired}. Still in doubt at an operator: ${uncertain}.`,
    ...servedSentences(told),
    lastSentence(release, id),
  ];
}

function servedSentences({ served, operators }: ReleaseReport): string[] {
  if (operators.length === 0) return ['No operator is configured here: nothing was compared with a list.'];
  return [
    `To numbers that an operator served since, by a text this database does not know: ${served}.`,
    ...operators.map((asked) => `  ${asked.operator}: ${readingOf(asked)}`),
  ];
}

function readingOf({ outcome, since, unknown }: AskedOperator): string {
  switch (outcome) {
    case 'whole':
      return `its list was read back to ${since}`;
    case 'cut':
      return `its list was cut short before ${since}: for ${unknown} other messages it is unknown`;
    case 'no-list':
      return `keeps no list: for ${unknown} other messages it is unknown whether they left already`;
    case 'no-answer':
      return `did not answer: for ${unknown} other messages it is unknown whether they left already`;
  }
}

function lastSentence({ released, isUndecided, choice, report: told }: Release, id: string): string {
  const { served } = told;
  if (released && choice !== null && served > 0)
    return choice === 'withhold'
      ? `Released; ${served} withheld, each becomes a task for an agent.`
      : `Released; ${served} leave all the same, flagged as possible duplicates.`;
  if (released) return 'Released.';
  if (isUndecided)
    return `Nothing was released: some may have left already. Once this is read, run again with --yes ${id} --served withhold (kept back, an agent is told) or --yes ${id} --served send (leave all the same, flagged)`;
  return `Nothing was released: once this is read, run again with --yes ${id}`;
}

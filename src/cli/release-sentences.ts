import { type Refusals, readingShown, type Worsening } from '../notifications/surety/release-refusals.js';
import type { AskedOperator, ReleaseReport } from '../notifications/surety/release-report.query.js';
import type { ServedChoice } from '../notifications/surety/release-sending.js';
import type { Hold } from '../notifications/surety/sending-hold.js';

export interface Release extends Refusals {
  /** What held before the command. */
  readonly hold: Hold | null;
  readonly released: boolean;
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
        `  ${row.organization}, ${row.kind}: ${row.leaving} would leave (${row.late} late, ${row.served} to numbers served since${row.unsure === 0 ? '' : `, ${row.unsure} unknown`}), ${row.expired} useful no longer`,
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

function lastSentence({ released, isUndecided, worse, choice, report: told }: Release, id: string): string {
  const mayHaveLeft = told.served + told.unsure;
  if (released && choice !== null && mayHaveLeft > 0)
    return choice === 'withhold'
      ? `Released; ${mayHaveLeft} withheld, each becomes a task for an agent.`
      : `Released; ${mayHaveLeft} leave all the same, flagged as possible duplicates.`;
  if (released) return 'Released.';
  const yes = `--yes ${id}${told.operators.length === 0 ? '' : ` --shown ${readingShown(told.operators)}`}`;
  const again =
    isUndecided || choice !== null
      ? `${yes} --served withhold (kept back, an agent is told) or ${yes} --served send (leave all the same, flagged)`
      : yes;
  const why = worse === null ? (isUndecided ? 'some may have left already. O' : 'o') : `${WORSE[worse]}. O`;
  return `Nothing was released: ${why}nce this is read, run again with ${again}`;
}

const WORSE: Readonly<Record<Worsening, string>> = {
  unread: 'an operator gives less of its list than in a report read before, or none was named by --shown',
  'more-served': 'more numbers were served than in the report that was read',
};

import { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import { readEnv } from '../../config/process-env.js';
import { type ReleaseReport, releaseReport } from '../notifications/surety/release-report.query.js';
import { ReleaseSending } from '../notifications/surety/release-sending.js';
import { type Hold, holdOf } from '../notifications/surety/sending-hold.js';
import { inTransaction } from './context.js';
import { CommandError, report } from './output.js';

export interface Release {
  /** What held before the command. */
  readonly hold: Hold | null;
  readonly released: boolean;
  readonly report: ReleaseReport;
}

export function releaseCommand(): Command {
  return new Command('release')
    .description('tell what would leave if sending were released; with --yes, release it')
    .option('--yes', 'let it leave')
    .option('--json', 'report as one line of JSON')
    .action(async ({ yes, json }: { yes?: boolean; json?: boolean }) => {
      const env = readEnv();
      const release = await inTransaction(env, (tx) => releaseAfterReport(tx, env.APP_ENV, yes === true));
      report(json, release, sentencesOf(release));
    });
}

/** @throws CommandError for the hold of a wrong environment, which no command can lift */
export async function releaseAfterReport(
  tx: EntityManager,
  environment: string,
  confirmed: boolean,
): Promise<Release> {
  const hold = await holdOf(tx, environment);
  if (hold?.reason === 'environment-mismatch')
    throw new CommandError(
      `this database was ${hold.detail ?? 'made for another environment'}: nothing of it is sent`,
    );
  const told = await releaseReport(tx);
  const released = confirmed && hold !== null && (await new ReleaseSending().execute(tx, 'cli'));
  return { hold, released, report: told };
}

function sentencesOf({ hold, released, report: told }: Release): string[] {
  if (hold === null) return ['Sending is not held.'];
  const { leaving, late, expired, oldestDue, uncertain, rows } = told;
  return [
    `Held (${hold.reason}) by ${hold.setBy}: ${hold.detail ?? ''}`,
    `Would leave now, each within its own hours: ${leaving}, of which ${late} late; oldest hour ${oldestDue?.toISOString() ?? '-'}`,
    ...rows.map(
      (row) =>
        `  ${row.organization}, ${row.kind}: ${row.leaving} would leave (${row.late} late), ${row.expired} useful no longer`,
    ),
    `Useful no longer, each becomes a task for an agent: ${expired}. Still in doubt at an operator: ${uncertain}.`,
    released ? 'Released.' : 'Nothing was released: run again with --yes.',
  ];
}

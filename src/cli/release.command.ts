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
    .description(
      'tell what would leave if sending were released; with --yes and the id it prints, release it',
    )
    .option('--yes [hold]', 'let it leave: the id printed with the report that was read')
    .option('--json', 'report as one line of JSON')
    .action(async ({ yes, json }: { yes?: string | true; json?: boolean }) => {
      const env = readEnv();
      const holdId = typeof yes === 'string' ? yes : null;
      const release = await inTransaction(env, (tx) => releaseAfterReport(tx, env.APP_ENV, holdId));
      report(json, release, sentencesOf(release));
      if (yes !== undefined && release.hold !== null && !release.released) process.exitCode = 1;
    });
}

/**
 * @param holdId of the hold whose report was read, the only one that is released; null: report only
 * @throws CommandError for the hold of a wrong environment, which no command can lift
 */
export async function releaseAfterReport(
  tx: EntityManager,
  environment: string,
  holdId: string | null,
): Promise<Release> {
  const hold = await holdOf(tx, environment);
  if (hold?.reason === 'environment-mismatch')
    throw new CommandError(
      `this database was ${hold.detail ?? 'made for another environment'}: nothing of it is sent`,
    );
  const told = await releaseReport(tx);
  const released = holdId !== null && (await new ReleaseSending().execute(tx, 'cli', holdId));
  return { hold, released, report: told };
}

function sentencesOf({ hold, released, report: told }: Release): string[] {
  if (hold === null) return ['Sending is not held.'];
  const { leaving, late, expired, oldestDue, uncertain, rows } = told;
  const id = hold.id ?? '';
  return [
    `Held (${hold.reason}) by ${hold.setBy}: ${hold.detail ?? ''} (hold ${id})`,
    `Would leave now, each within its own hours: ${leaving}, of which ${late} late; oldest hour ${oldestDue?.toISOString() ?? '-'}`,
    ...rows.map(
      (row) =>
        `  ${row.organization}, ${row.kind}: ${row.leaving} would leave (${row.late} late), ${row.expired} useful no longer`,
    ),
    `Useful no longer, each becomes a task for an agent: ${expired}. Still in doubt at an operator: ${uncertain}.`,
    released ? 'Released.' : `Nothing was released: once this is read, run again with --yes ${id}`,
  ];
}

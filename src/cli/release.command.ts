import { Command, Option } from 'commander';
import type { EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { Gateways } from '../notifications/providers/gateways.js';
import { OperatorLists } from '../notifications/surety/operator-lists.js';
import { refusalsOf } from '../notifications/surety/release-refusals.js';
import { releaseReport } from '../notifications/surety/release-report.query.js';
import {
  ReleaseSending,
  SERVED_CHOICES,
  type ServedChoice,
  type ServedDecision,
} from '../notifications/surety/release-sending.js';
import { holdOf } from '../notifications/surety/sending-hold.js';
import { withDatabase } from './context.js';
import { CommandError, report } from './output.js';
import { type Release, releaseSentences } from './release-sentences.js';

interface Options {
  readonly yes?: string | true;
  readonly served?: ServedChoice;
  readonly shown?: string;
  readonly json?: boolean;
}

export function releaseCommand(): Command {
  return new Command('release')
    .description(
      'tell what would leave if sending were released; with --yes and the id it prints, release it',
    )
    .option('--yes [hold]', 'let it leave: the id printed with the report that was read')
    .addOption(
      new Option(
        '--served <choice>',
        'messages that may have left since: withhold (expired, an agent is told) or send (flagged)',
      ).choices(SERVED_CHOICES),
    )
    .option('--shown <reading>', 'what the report that was read printed: a worse one is told again first')
    .option('--json', 'report as one line of JSON')
    .action(async ({ yes, served, shown, json }: Options) => {
      const holdId = typeof yes === 'string' ? yes : null;
      const release = await askAndRelease(readEnv(), holdId, { choice: served ?? null, shown });
      report(json, release, releaseSentences(release));
      if (yes !== undefined && release.hold !== null && !release.released) process.exitCode = 1;
    });
}

/** The operators are asked first, outside of the transaction that releases. */
async function askAndRelease(
  env: Readonly<Env>,
  holdId: string | null,
  decision: Omit<ServedDecision, 'lists'>,
): Promise<Release> {
  const gateways = new Gateways(env);
  try {
    return await withDatabase(env, async (dataSource) => {
      const lists = await new OperatorLists(gateways).takenInGap((work) => dataSource.transaction(work));
      return dataSource.transaction((tx) =>
        releaseAfterReport(tx, env.APP_ENV, holdId, { lists, ...decision }),
      );
    });
  } finally {
    await gateways.onApplicationShutdown();
  }
}

/**
 * @param holdId of the hold whose report was read, the only one that is released; null: report only
 * @throws CommandError for the hold of a wrong environment, which no command can lift
 */
export async function releaseAfterReport(
  tx: EntityManager,
  environment: string,
  holdId: string | null,
  decision: ServedDecision = { lists: [], choice: null },
): Promise<Release> {
  const hold = await holdOf(tx, environment);
  if (hold?.reason === 'environment-mismatch')
    throw new CommandError(
      `this database was ${hold.detail ?? 'made for another environment'}: nothing of it is sent`,
    );
  const told = await releaseReport(tx, decision.lists);
  const { choice } = decision;
  const refusals = hold === null ? { isUndecided: false, worse: null } : refusalsOf(told, hold, decision);
  const mayRelease = holdId !== null && !refusals.isUndecided && refusals.worse === null;
  const released = mayRelease && (await new ReleaseSending().execute(tx, 'cli', holdId, decision));
  return { hold, released, ...refusals, choice, report: told };
}

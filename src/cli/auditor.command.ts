import { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { findingInWords } from '../access/domain/journal-findings.js';
import { auditDatabase, type Breach, type Lateness, latenessOf } from '../notifications/surety/auditor.js';
import { verifyJournal } from './audit.command.js';
import { auditRedisQueue } from './audit-redis-queue.js';
import { inTransaction } from './context.js';
import { report } from './output.js';

export interface Audit {
  readonly healthy: boolean;
  readonly breaches: readonly Breach[];
  readonly lateness: Lateness;
}

export function auditorCommand(): Command {
  return new Command('auditor')
    .description('check the invariants I1 to I8 on the database and the queue; ends in 1 on a breach')
    .option('--json', 'report as one line of JSON')
    .option('--without-journal', 'leave out the chain of the journal (audit:verify), which takes its time')
    .action(async ({ json, withoutJournal }: { json?: boolean; withoutJournal?: boolean }) => {
      const audit = await examineInvariants(readEnv(), withoutJournal === true);
      report(json, audit, sentencesOf(audit));
      if (!audit.healthy) process.exitCode = 1;
    });
}

/** Reads only. A big database is given two minutes for each invariant. */
export async function examineInvariants(env: Readonly<Env>, withoutJournal = false): Promise<Audit> {
  const { breaches, lateness } = await inTransaction(env, async (tx: EntityManager) => {
    await tx.query(`SET LOCAL statement_timeout = '120s'`);
    const settings = { sendWindow: env.SEND_WINDOW, mailIsOn: env.SMTP_URL !== undefined };
    return { breaches: await auditDatabase(tx, settings), lateness: await latenessOf(tx) };
  });
  const inQueue = env.REDIS_URL === undefined ? [] : await auditRedisQueue(env.REDIS_URL);
  const all = [...breaches, ...(withoutJournal ? [] : await auditJournal(env)), ...inQueue];
  return { healthy: all.length === 0, breaches: all, lateness };
}

/** I6: each entry says what it said, and each link continues the one before it. */
async function auditJournal(env: Readonly<Env>): Promise<readonly Breach[]> {
  const { firstBad } = await verifyJournal(env);
  if (firstBad === null) return [];
  const sentence = `the journal is not what it was, ${findingInWords(firstBad)}`;
  return [{ invariant: 'I6', sentence, ids: firstBad.entryId === null ? [] : [firstBad.entryId], count: 1 }];
}

function sentencesOf({ breaches, lateness }: Audit): string[] {
  const share = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)} %`);
  return [
    ...breaches.map(
      ({ invariant, sentence, count, ids }) =>
        `✗ ${invariant}: ${sentence} (${count}: ${ids.join(', ')}${count > ids.length ? ', …' : ''})`,
    ),
    ...(breaches.length === 0 ? ['✓ no breach of I1 to I8'] : []),
    `  I4, last 24 hours: ${lateness.left} left, ${share(lateness.within10s)} within 10 s, ${share(lateness.within60s)} within 60 s`,
  ];
}

import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { findingInWords, type KeptHead } from '../access/domain/journal-findings.js';
import { journalHeads } from '../access/journal/heads.query.js';
import { JournalKeys } from '../access/journal/journal-keys.js';
import { type Verdict, VerifyJournal } from '../access/journal/verify-journal.js';
import { withDatabase } from './context.js';
import { CommandError, counted, report } from './output.js';

/** `audit:verify` and `audit:heads`: is the journal what it was, and what to keep elsewhere so that it can be told. */
export function auditCommands(): Command[] {
  return [verifyCommand(), headsCommand()];
}

function verifyCommand(): Command {
  return new Command('audit:verify')
    .description(
      'compute the journal and its chain again, name the first bad link; ends in 1 when there is one',
    )
    .option('--heads <file>', 'heads kept elsewhere, as audit:heads --json wrote them')
    .option('--json', 'report as one line of JSON')
    .action(async ({ heads, json }: { heads?: string; json?: boolean }) => {
      const verdict = await verifyJournal(readEnv(), heads === undefined ? [] : await keptHeads(heads));
      report(json, verdict, sentencesOf(verdict));
      if (!verdict.healthy) process.exitCode = 1;
    });
}

function headsCommand(): Command {
  return new Command('audit:heads')
    .description('where the chain of each day ends, to be kept in a second place')
    .option('--json', 'report as one line of JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const heads = await atOneMoment(readEnv(), journalHeads);
      report(
        json,
        { heads },
        heads.map(({ day, lastSeq, hash }) => `${day}  ${lastSeq}  ${hash}`),
      );
    });
}

/** Reads only, and one moment of the database: the service goes on meanwhile. */
export function verifyJournal(env: Readonly<Env>, kept: readonly KeptHead[] = []): Promise<Verdict> {
  return atOneMoment(env, async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = '120s'`);
    return new VerifyJournal(new JournalKeys(env)).execute(tx, kept);
  });
}

function atOneMoment<T>(
  env: Pick<Env, 'DATABASE_URL' | 'SECRET_KEYS'>,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  return withDatabase(env, (dataSource) => dataSource.transaction('REPEATABLE READ', work));
}

async function keptHeads(file: string): Promise<KeptHead[]> {
  const text = await readFile(file, 'utf8');
  const heads = headsIn(text);
  if (heads === undefined) throw new CommandError('this file was not written by audit:heads --json');
  return heads;
}

function headsIn(text: string): KeptHead[] | undefined {
  try {
    const { heads } = JSON.parse(text) as { heads?: unknown };
    return Array.isArray(heads) && heads.every(isHead) ? heads : undefined;
  } catch {
    return undefined;
  }
}

function isHead(value: unknown): value is KeptHead {
  const { day, lastSeq, hash } = (value ?? {}) as Partial<Record<keyof KeptHead, unknown>>;
  return [day, lastSeq, hash].every((part) => typeof part === 'string');
}

function sentencesOf({ entries, days, firstBad }: Verdict): string[] {
  return firstBad === null
    ? [
        `✓ ${counted(entries, 'entry', 'entries')} over ${counted(days, 'day')}: each as it was written, in the order in which it was linked`,
      ]
    : [`✗ ${findingInWords(firstBad)}`, `  sound before it: ${counted(entries, 'entry', 'entries')}`];
}

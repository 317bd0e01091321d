import type { Readable } from 'node:stream';
import { Command } from 'commander';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { returnTokenOf } from '../notifications/domain/return-address.js';
import { LONGEST_RETURN, readReturnedMail } from '../notifications/domain/returned-mail.js';
import { RecordReturnedMail } from '../notifications/sending/record-returned-mail.js';
import { inTransaction } from './context.js';

/** EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and asks again. */
const TRY_AGAIN = 75;

/** Never a word of the mail, nor the address: a mail server writes them to its log. */
const SENTENCES = {
  recorded: 'recorded: the e-mail was not delivered',
  'nothing-to-record': 'nothing to record: not a final failure',
  malformed: 'given up: not a delivery report that can be read',
  unknown: 'given up: no e-mail of ours has this return address',
  'not-now': 'not now: the environment is incomplete or the database does not answer',
  off: 'not now: MAIL_RETURN_ADDRESS is not set',
} as const;
export type MailReturn = keyof typeof SENTENCES;

/**
 * All the rest ends in 0: any other code has the mail server answer with a bounce of its own, to an address that
 * whoever wrote may have made up.
 */
const KEPT: readonly MailReturn[] = ['not-now', 'off'];

export function mailReturnedCommand(): Command {
  return new Command('mail-returned')
    .description('record an e-mail that came back: its delivery report on the standard input')
    .argument('<recipient>', 'envelope recipient: the return address with its token')
    .action(async (recipient: string) => {
      const fate = await mailReturned(recipient, process.stdin).catch((): MailReturn => 'not-now');
      process.stdout.write(`${SENTENCES[fate]}\n`);
      if (KEPT.includes(fate)) process.exitCode = TRY_AGAIN;
    });
}

async function mailReturned(recipient: string, input: Readable): Promise<MailReturn> {
  return readReturned(readEnv(), recipient, input);
}

/** @throws when the database cannot be asked: the mail server tries again */
export async function readReturned(
  env: Pick<Env, 'DATABASE_URL' | 'SECRET_KEYS' | 'MAIL_RETURN_ADDRESS'>,
  recipient: string,
  input: Readable,
): Promise<MailReturn> {
  if (env.MAIL_RETURN_ADDRESS === undefined) return 'off';
  const text = await upToLimit(input);
  const token = returnTokenOf(env.MAIL_RETURN_ADDRESS, recipient);
  if (token === null) return 'unknown';
  const mail = text === null ? ({ says: 'malformed' } as const) : readReturnedMail(text);
  const fate = await inTransaction(env, (tx) => new RecordReturnedMail().execute(tx, { token, mail }));
  return fate === 'nothing-to-record' && mail.says === 'malformed' ? 'malformed' : fate;
}

/** One character per byte. Read to its end, so that whoever writes is not cut off; null when it is too long. */
async function upToLimit(input: Readable): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input as AsyncIterable<Buffer | string>) {
    length += chunk.length;
    if (length <= LONGEST_RETURN) chunks.push(Buffer.from(chunk as string, 'latin1'));
  }
  return length > LONGEST_RETURN ? null : Buffer.concat(chunks).toString('latin1');
}

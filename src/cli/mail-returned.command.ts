import type { Readable } from 'node:stream';
import { Command } from 'commander';
import type { Env } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { returnTokenOf } from '../notifications/domain/return-address.js';
import { LONGEST_RETURN, readReturnedMail } from '../notifications/domain/returned-mail.js';
import { RecordReturnedMail } from '../notifications/sending/record-returned-mail.js';
import { inTransaction } from './context.js';

/** What a mail server reads in the exit code of a command it pipes a mail to (sysexits.h). */
const EXITS = {
  recorded: 0,
  'nothing-to-record': 0,
  /** The mail cannot be read: tried again, it would be the same. */
  malformed: 65,
  /** Nobody's address. */
  unknown: 67,
  /** Tried again later. */
  'not-now': 75,
  /** This service reads no returned mail. */
  off: 78,
} as const;
export type MailReturn = keyof typeof EXITS;

/** Never a word of the mail, nor the address: a mail server writes them to its log. */
const SENTENCES: Readonly<Record<MailReturn, string>> = {
  recorded: 'recorded: the e-mail was not delivered',
  'nothing-to-record': 'nothing to record: not a final failure',
  malformed: 'refused: not a delivery report that can be read',
  unknown: 'refused: no e-mail of ours has this return address',
  'not-now': 'not now: the service cannot record it, try again',
  off: 'refused: MAIL_RETURN_ADDRESS is not set',
};

export function mailReturnedCommand(): Command {
  return new Command('mail-returned')
    .description('record an e-mail that came back: its delivery report on the standard input')
    .argument('<recipient>', 'envelope recipient: the return address with its token')
    .action(async (recipient: string) => {
      const fate = await mailReturned(recipient, process.stdin).catch((): MailReturn => 'not-now');
      (fate === 'recorded' || fate === 'nothing-to-record' ? process.stdout : process.stderr).write(
        `${SENTENCES[fate]}\n`,
      );
      process.exitCode = EXITS[fate];
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

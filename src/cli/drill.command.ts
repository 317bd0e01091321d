import { Command, InvalidArgumentError } from 'commander';
import type { DataSource, EntityManager } from 'typeorm';
import { type Env, SMS_OPERATORS, type SmsOperator } from '../../config/env.js';
import { readEnv } from '../../config/process-env.js';
import { holdOf } from '../notifications/surety/sending-hold.js';
import { findContacts } from '../platform/contacts.js';
import { withDatabase } from './context.js';
import { Drill, type DrillPlan, type DrillReport, type DrillStep } from './drill.js';
import { CommandError, counted, report } from './output.js';

interface Options {
  readonly operator?: SmsOperator;
  readonly to?: string;
  readonly texts: number;
  readonly json?: boolean;
}

/** Kept by ARCEP for works of fiction (06 39 98 00 00 to 99, decision 2018-0881): nobody has them. */
const NOBODYS_NUMBERS = Array.from(
  { length: 20 },
  (_, index) => `+3363998${String(index + 1).padStart(4, '0')}`,
);
const E164 = /^\+[1-9]\d{6,14}$/;

export function drillCommand(): Command {
  return new Command('drill')
    .description(
      'make one operator fail and show that texts leave by another, then come back; ends in 1 when they did not',
    )
    .option('--operator <name>', 'the one that fails (default: the first of SMS_PROVIDERS)', operatorName)
    .option(
      '--to <number>',
      'where the texts go, on SEND_ALLOW_LIST; needed in production and staging',
      number,
    )
    .option('--texts <n>', 'texts sent during the failure; five more follow', count, 3)
    .option('--json', 'report as one line of JSON')
    .action(drill);
}

async function drill(options: Options): Promise<void> {
  const env = readEnv();
  const done = await withDatabase(env, (dataSource) => rehearse(env, dataSource, options));
  const works = isPassed(done);
  report(options.json, { passed: works, ...done }, [...done.steps.map(lineOf), ...verdictOf(done)]);
  if (!works) process.exitCode = 1;
}

/** @throws CommandError when the drill could touch a person, or has nothing to show */
export async function rehearse(
  env: Readonly<Env>,
  dataSource: DataSource,
  { operator, to, texts }: Pick<Options, 'operator' | 'to' | 'texts'>,
): Promise<DrillReport> {
  const [first, second] = env.SMS_PROVIDERS;
  if (first === undefined || second === undefined)
    throw new CommandError('SMS_PROVIDERS names fewer than two operators: there is nothing to switch to');
  const failing = operator ?? first;
  if (!env.SMS_PROVIDERS.includes(failing)) throw new CommandError(`${failing} is not in SMS_PROVIDERS`);
  const plan: DrillPlan = { failing, numbers: numbersOf(env, to), texts };
  await refuseIfUnsafe(env, dataSource, plan.numbers);
  return undone(dataSource, (tx) => new Drill(env, tx, plan).run());
}

async function undone<T>(dataSource: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction('READ COMMITTED');
    // A call may hang for 40 s.
    await runner.query(`SET LOCAL idle_in_transaction_session_timeout = '120s'`);
    return await work(runner.manager);
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}

function numbersOf(env: Readonly<Env>, to: string | undefined): readonly string[] {
  if (to !== undefined) {
    if (!env.SEND_ALLOW_LIST.includes(to)) throw new CommandError('--to is not on SEND_ALLOW_LIST');
    return [to];
  }
  if (env.APP_ENV === 'demo' || env.APP_ENV === 'test') return NOBODYS_NUMBERS;
  throw new CommandError('--to NUMBER is needed here: a phone of ours, on SEND_ALLOW_LIST');
}

/** Nothing leaves under a hold, and no person under supervision is ever a target. */
async function refuseIfUnsafe(
  env: Readonly<Env>,
  dataSource: DataSource,
  numbers: readonly string[],
): Promise<void> {
  if ((await holdOf(dataSource.manager, env.APP_ENV)) !== null)
    throw new CommandError('sending is held: nothing leaves, not even a drill');
  if (await dataSource.transaction((tx) => belongToSomebody(tx, numbers)))
    throw new CommandError('a number of the drill belongs to a person: choose another one');
}

async function belongToSomebody(tx: EntityManager, numbers: readonly string[]): Promise<boolean> {
  const contacts = await findContacts(tx, 'phone', numbers);
  const rows: unknown[] = await tx.query('SELECT FROM person WHERE phone_id = ANY($1::uuid[]) LIMIT 1', [
    [...contacts.values()],
  ]);
  return rows.length > 0;
}

export function isPassed({ switched, opened, halfOpened, closed, returned, lost }: DrillReport): boolean {
  return switched && opened && halfOpened && closed && returned && lost === 0;
}

function lineOf({ at, phase, text, operator, result, errorCode, circuit }: DrillStep): string {
  const columns = [`${at.toFixed(1)} s`.padStart(7), phase.padEnd(6), `text ${text}`.padEnd(7)];
  const outcome = errorCode === null ? result : `${result} (${errorCode})`;
  return [...columns, operator.padEnd(13), outcome.padEnd(26), `circuit ${circuit}`].join('  ');
}

function verdictOf(done: DrillReport): string[] {
  const mark = (isSo: boolean) => (isSo ? '✓' : '✗');
  const how =
    done.how === 'simulator' ? 'its simulator refused calls' : 'its calls were sent to a closed port';
  return [
    `${done.failing} was made to fail: ${how}. ${counted(done.texts, 'text')}, ${done.lost} lost.`,
    `${mark(done.switched)} the texts left by another operator`,
    `${mark(done.opened)} the circuit opened`,
    `${mark(done.halfOpened)} it was probed with a few texts`,
    `${mark(done.closed && done.returned)} it closed, and the texts came back to ${done.failing}`,
    'Circuits of the drill are apart from those of the service, with shorter times.',
  ];
}

function operatorName(text: string): SmsOperator {
  const known = SMS_OPERATORS.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`one of ${SMS_OPERATORS.join(', ')} is needed`);
  return known;
}

function number(text: string): string {
  if (!E164.test(text)) throw new InvalidArgumentError('a number like +33612345678 is needed');
  return text;
}

function count(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('a whole number from 1 to 99 is needed');
  return Number(text);
}

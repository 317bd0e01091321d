import { Command, InvalidArgumentError, Option } from 'commander';
import { benchDispatch, type DispatchOptions } from './dispatch.js';
import { benchStart } from './start.js';

const whole = (least: number) => (text: string) => {
  if (!/^\d{1,7}$/.test(text) || Number(text) < least)
    throw new InvalidArgumentError(`a whole number from ${least}`);
  return Number(text);
};
const rounds = () =>
  new Option('--rounds <n>', 'rounds counted, after one of warm-up').argParser(whole(5)).default(5);

/** Each bench compares with a limit measured in the same run, interleaved. The last line is one JSON object. */
const program = new Command('bench')
  .description('benchmarks against a limit measured in the same run')
  .showHelpAfterError();

program
  .command('dispatch')
  .description('messages per second that reach the operator, against a bare BullMQ loop')
  .addOption(new Option('--count <n>', 'messages due at once in each run').argParser(whole(10)).default(2000))
  .addOption(new Option('--latency <ms>', 'of the operator').argParser(whole(0)).default(50))
  .addOption(
    new Option('--concurrency <n>', 'calls open at once in one worker').argParser(whole(1)).default(20),
  )
  .addOption(
    new Option('--backend <name>', 'of the queue').choices(['redis', 'postgres']).default('postgres'),
  )
  .addOption(new Option('--workers <n>', 'worker processes').argParser(whole(1)).default(1))
  .addOption(
    new Option('--receipts <on|off>', 'whether the operator calls back')
      .choices(['on', 'off'])
      .default('off'),
  )
  .addOption(rounds())
  .action(async (given: Omit<DispatchOptions, 'receipts'> & { receipts: string }) =>
    print(await benchDispatch({ ...given, receipts: given.receipts === 'on' })),
  );

program
  .command('start')
  .description(
    'from the birth of the process to its first 200, against the same packages with one controller',
  )
  .addOption(rounds())
  .action(async (given: { rounds: number }) => print(await benchStart(given)));

await program.parseAsync();

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

import { Command, InvalidArgumentError, Option } from 'commander';
import { benchDispatch } from './dispatch.js';
import { benchImpact, type ImpactOptions } from './impact.js';
import { benchPages, type PagesOptions } from './pages.js';
import { benchRelay, type RelayOptions } from './relay.js';
import { benchStart } from './start.js';
import { benchStatistics, type StatisticsOptions } from './statistics.js';
import type { DispatchOptions } from './support/dispatch-run.js';
import { benchWorkers, type WorkersOptions } from './workers.js';

const whole = (least: number) => (text: string) => {
  if (!/^\d{1,8}$/.test(text) || Number(text) < least)
    throw new InvalidArgumentError(`a whole number from ${least}`);
  return Number(text);
};
/** An option that takes a whole number from `least`. */
const number = (flags: string, about: string, least: number, otherwise: number) =>
  new Option(flags, about).argParser(whole(least)).default(otherwise);
const rounds = () =>
  number('--rounds <n>', 'rounds counted, after one of warm-up; fewer than 5 are an indication', 1, 5);
const latency = (least: number) => number('--latency <ms>', 'of the operator', least, 50);
const backend = () =>
  new Option('--backend <name>', 'of the queue').choices(['redis', 'postgres']).default('redis');

/** Each bench compares with a limit measured in the same run, interleaved. The last line is one JSON object. */
const program = new Command('bench')
  .description('benchmarks against a limit measured in the same run')
  .showHelpAfterError();

program
  .command('dispatch')
  .description('messages per second that reach the operator, against a bare BullMQ loop and a naive program')
  .addOption(number('--count <n>', 'messages due at once in each run', 10, 2000))
  .addOption(latency(0))
  .addOption(number('--concurrency <n>', 'calls open at once in one worker', 1, 20))
  .addOption(backend())
  .addOption(number('--workers <n>', 'worker processes', 1, 1))
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

program
  .command('workers')
  .description('messages per second of one, two and four workers with a few calls open each')
  .addOption(number('--count <n>', 'messages due at once for each worker', 10, 1000))
  .addOption(latency(1))
  .addOption(number('--concurrency <n>', 'calls open at once in each', 1, 5))
  .addOption(
    new Option(
      '--pace <n>',
      'also four workers that the operator lets send so many texts a second',
    ).argParser(whole(1)),
  )
  .addOption(backend())
  .addOption(rounds())
  .action(async (given: WorkersOptions) => print(await benchWorkers(given)));

program
  .command('relay')
  .description('one claim of what is due, among ten thousand planned messages and among many more')
  .addOption(number('--rows <n>', 'planned in the future', 10_000, 10_000_000))
  .addOption(number('--due <n>', 'due now, 2 000 at most', 1, 500))
  .addOption(number('--rounds <n>', 'claims counted', 5, 15))
  .action(async (given: RelayOptions) => print(await benchRelay(given)));

program
  .command('statistics')
  .description('the absence figures over HTTP, against the best SQL by hand and a count of the rows')
  .addOption(number('--convocations <n>', 'seeded', 10_000, 1_000_000))
  .addOption(number('--requests <n>', 'of each page', 20, 200))
  .addOption(number('--filters <n>', 'random, each held against the rows', 1, 40))
  .addOption(number('--seed <n>', 'of the filters; any will do', 0, 20_260_610))
  .addOption(rounds())
  .action(async (given: StatisticsOptions) => print(await benchStatistics(given)));

program
  .command('impact')
  .description(
    'known effects on synthetic services: coverage of the intervals, alarms of trials, changed habits',
  )
  .addOption(number('--runs <n>', 'synthetic worlds; five times as many A/A trials', 20, 1000))
  .addOption(number('--seed <n>', 'any whole number', 0, 1))
  .action((given: ImpactOptions) => print(benchImpact(given)));

program
  .command('pages')
  .description('requests per second, 95th percentile and statements of the main pages, against a bare page')
  .addOption(number('--seconds <n>', 'of load on each page, all rounds together', 1, 10))
  .addOption(rounds())
  .action(async (given: PagesOptions) => print(await benchPages(given)));

await program.parseAsync();

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

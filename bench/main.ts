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
const rounds = () =>
  new Option('--rounds <n>', 'rounds counted, after one of warm-up; fewer than 5 are an indication')
    .argParser(whole(1))
    .default(5);

/** Each bench compares with a limit measured in the same run, interleaved. The last line is one JSON object. */
const program = new Command('bench')
  .description('benchmarks against a limit measured in the same run')
  .showHelpAfterError();

program
  .command('dispatch')
  .description('messages per second that reach the operator, against a bare BullMQ loop and a naive program')
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

program
  .command('workers')
  .description('messages per second of one, two and four workers with a few calls open each')
  .addOption(
    new Option('--count <n>', 'messages due at once for each worker').argParser(whole(10)).default(1000),
  )
  .addOption(new Option('--latency <ms>', 'of the operator').argParser(whole(1)).default(50))
  .addOption(new Option('--concurrency <n>', 'calls open at once in each').argParser(whole(1)).default(5))
  .addOption(new Option('--backend <name>', 'of the queue').choices(['redis', 'postgres']).default('redis'))
  .addOption(rounds())
  .action(async (given: WorkersOptions) => print(await benchWorkers(given)));

program
  .command('relay')
  .description('one claim of what is due, among ten thousand planned messages and among many more')
  .addOption(new Option('--rows <n>', 'planned in the future').argParser(whole(10_000)).default(10_000_000))
  .addOption(new Option('--due <n>', 'due now, 2 000 at most').argParser(whole(1)).default(500))
  .addOption(new Option('--rounds <n>', 'claims counted').argParser(whole(5)).default(15))
  .action(async (given: RelayOptions) => print(await benchRelay(given)));

program
  .command('statistics')
  .description('the absence figures over HTTP, against the best SQL by hand and a count of the rows')
  .addOption(new Option('--convocations <n>', 'seeded').argParser(whole(10_000)).default(1_000_000))
  .addOption(new Option('--requests <n>', 'of each page').argParser(whole(20)).default(200))
  .addOption(
    new Option('--filters <n>', 'random, each held against the rows').argParser(whole(1)).default(40),
  )
  .addOption(new Option('--seed <n>', 'of the filters; any will do').argParser(whole(0)).default(20_260_610))
  .addOption(rounds())
  .action(async (given: StatisticsOptions) => print(await benchStatistics(given)));

program
  .command('impact')
  .description(
    'known effects on synthetic services: coverage of the intervals, alarms of trials, changed habits',
  )
  .addOption(
    new Option('--runs <n>', 'synthetic worlds; five times as many A/A trials')
      .argParser(whole(20))
      .default(1000),
  )
  .addOption(new Option('--seed <n>', 'any whole number').argParser(whole(0)).default(1))
  .action((given: ImpactOptions) => print(benchImpact(given)));

program
  .command('pages')
  .description('requests per second, 95th percentile and statements of the main pages, against a bare page')
  .addOption(
    new Option('--seconds <n>', 'of load on each page, all rounds together').argParser(whole(1)).default(10),
  )
  .addOption(rounds())
  .action(async (given: PagesOptions) => print(await benchPages(given)));

await program.parseAsync();

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { FoldBreakdowns } from '../statistics/fold-breakdowns.js';
import { RebuildAttendance } from '../statistics/rebuild-attendance.js';
import { inTransaction } from './context.js';
import { counted, report } from './output.js';

export function statisticsCommand(): Command {
  return new Command('statistics:rebuild')
    .description('count every convocation again for the absence figures, while the service goes on')
    .option('--json', 'report as one line of JSON')
    .action(rebuild);
}

async function rebuild({ json }: { json?: boolean }): Promise<void> {
  const env = readEnv();
  const cells = await inTransaction(env, (tx) => new RebuildAttendance().execute(tx));
  const months = await inTransaction(env, (tx) => new FoldBreakdowns().execute(tx, { fromScratch: true }));
  report(json, { cells, months }, [
    `Counted again: ${counted(cells, 'cell')} of attendance, breakdowns of ${counted(months, 'month')} of services.`,
  ]);
}

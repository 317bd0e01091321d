import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { HoldSending } from '../notifications/surety/hold-sending.js';
import { inTransaction } from './context.js';
import { CommandError, report } from './output.js';

const LONGEST_REASON = 300;
/** Read on French pages: whoever stops in haste types nothing else. */
const NO_REASON = 'sans motif indiqué';

export function holdCommand(): Command {
  return new Command('hold')
    .description('let nothing leave until released; what waits is kept, what is too late becomes a task')
    .option('--reason <text>', 'why, for whoever reads it next; never personal data', NO_REASON)
    .option(
      '--restored',
      'this database was restored to an earlier hour: release then asks what may have left since',
    )
    .option('--json', 'report as one line of JSON')
    .action(hold);
}

interface Options {
  readonly reason: string;
  readonly restored?: boolean;
  readonly json?: boolean;
}

async function hold({ reason, restored, json }: Options): Promise<void> {
  const detail = reason.trim();
  if (detail === '' || detail.length > LONGEST_REASON)
    throw new CommandError(`--reason says why, in at most ${LONGEST_REASON} characters`);
  const kind = restored === true ? 'restored-backup' : 'command';
  const isNew = await inTransaction(readEnv(), (tx) =>
    new HoldSending().execute(tx, { reason: kind, detail }, 'cli'),
  );
  report(json, { held: true, changed: isNew }, [
    isNew
      ? 'Sending is held: nothing leaves. What the operator has already is not called back. Next: cli release'
      : 'Sending was held already; the first reason stays.',
  ]);
}

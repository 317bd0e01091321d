import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { HoldSending } from '../notifications/surety/hold-sending.js';
import { inTransaction } from './context.js';
import { CommandError, report } from './output.js';

const LONGEST_REASON = 300;

export function holdCommand(): Command {
  return new Command('hold')
    .description('let nothing leave until released; what waits is kept, what is too late becomes a task')
    .requiredOption('--reason <text>', 'why, for whoever reads it next; never personal data')
    .option('--json', 'report as one line of JSON')
    .action(hold);
}

async function hold({ reason, json }: { reason: string; json?: boolean }): Promise<void> {
  const detail = reason.trim();
  if (detail === '' || detail.length > LONGEST_REASON)
    throw new CommandError(`--reason says why, in at most ${LONGEST_REASON} characters`);
  const isNew = await inTransaction(readEnv(), (tx) =>
    new HoldSending().execute(tx, { reason: 'command', detail }, 'cli'),
  );
  report(json, { held: true, changed: isNew }, [
    isNew
      ? 'Sending is held: nothing leaves. What the operator has already is not called back. Next: cli release'
      : 'Sending was held already; the first reason stays.',
  ]);
}

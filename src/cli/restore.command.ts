import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { restoreBackup } from './backup/restore-backup.js';
import { counted, report } from './output.js';

export function restoreCommand(): Command {
  return new Command('restore')
    .description('a backup into a migrated, empty database of the same version; sending is held afterwards')
    .argument('<file>', 'written by the command backup')
    .option('--json', 'report as one line of JSON')
    .action(restore);
}

async function restore(file: string, { json }: { json?: boolean }): Promise<void> {
  const env = readEnv();
  const done = await restoreBackup({
    ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL,
    file,
    masterKeys: env.SECRET_KEYS,
    environment: env.APP_ENV,
    progress: (table, rows) => process.stderr.write(`${table}: ${counted(rows, 'row')}\n`),
  });
  report(json, { ...done, held: true }, [
    `Restored ${counted(done.rows, 'row')} of ${counted(done.tables, 'table')}, as of ${done.createdAt}.`,
    'Sending is held. Next: cli auditor, cli audit:verify, then cli release.',
  ]);
}

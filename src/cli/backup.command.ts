import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { takeBackup } from './backup/take-backup.js';
import { counted, report } from './output.js';

export function backupCommand(): Command {
  return new Command('backup')
    .description('every row of one instant into one encrypted file (DATABASE_OWNER_URL, SECRET_KEYS)')
    .argument('<file>', 'to be written; must not exist')
    .option('--json', 'report as one line of JSON')
    .action(backup);
}

async function backup(file: string, { json }: { json?: boolean }): Promise<void> {
  const env = readEnv();
  const done = await takeBackup({
    ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL,
    file,
    masterKeys: env.SECRET_KEYS,
    progress: (table, rows) => process.stderr.write(`${table}: ${counted(rows, 'row')}\n`),
  });
  report(json, done, [
    `Saved ${counted(done.rows, 'row')} of ${counted(done.tables, 'table')}, as of ${done.createdAt}: ${done.bytes} bytes in ${file}.`,
    'Without SECRET_KEYS nobody can read it, and you neither: keep the keys elsewhere.',
  ]);
}

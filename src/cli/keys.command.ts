import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { withDatabase } from './context.js';
import { rotateKeys } from './keys/rotate-keys.js';
import { counted, report } from './output.js';

export function keysCommand(): Command {
  return new Command('keys:rotate')
    .description(
      'seal everything with the first of SECRET_KEYS, while the service goes on; every process must already hold both keys: restart them before',
    )
    .option('--json', 'report as one line of JSON')
    .action(rotate);
}

async function rotate({ json }: { json?: boolean }): Promise<void> {
  const env = readEnv();
  const done = await withDatabase(env, (dataSource) =>
    rotateKeys(dataSource, (renewed) => {
      if (json !== true) process.stderr.write(`\r${counted(renewed, 'row')}`);
    }),
  );
  if (json !== true) process.stderr.write('\n');
  report(json, done, [
    `${counted(done.renewed, 'row')} sealed with the newest key; still under an older one: ${done.left}.`,
    done.left === 0
      ? 'The older keys may be taken out of SECRET_KEYS.'
      : `${done.unreadable} cannot be opened by any key listed; the others were held by somebody: run it again.`,
  ]);
  if (done.left > 0) process.exitCode = 1;
}

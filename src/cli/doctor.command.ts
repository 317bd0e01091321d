import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { examine } from './doctor.js';
import { report } from './output.js';

const MARK = { ok: '✓', warning: '!', fault: '✗' } as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'look at database, migrations, rights, queue, operator, mail and clocks; ends in 1 on a fault',
    )
    .option('--json', 'report as one line of JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(readEnv());
      const healthy = findings.every(({ state }) => state !== 'fault');
      report(
        json,
        { healthy, findings },
        findings.map(({ subject, state, sentence }) => `${MARK[state]} ${subject}: ${sentence}`),
      );
      if (!healthy) process.exitCode = 1;
    });
}

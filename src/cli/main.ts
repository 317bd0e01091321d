import 'reflect-metadata';
import { Command } from 'commander';
import { apiKeyCommands } from './api-keys.command.js';
import { applyCommand } from './apply.command.js';
import { auditCommands } from './audit.command.js';
import { auditorCommand } from './auditor.command.js';
import { backupCommand } from './backup.command.js';
import { doctorCommand } from './doctor.command.js';
import { drillCommand } from './drill.command.js';
import { holdCommand } from './hold.command.js';
import { keysCommand } from './keys.command.js';
import { mailReturnedCommand } from './mail-returned.command.js';
import { migrateCommand } from './migrate.command.js';
import { releaseCommand } from './release.command.js';
import { restoreCommand } from './restore.command.js';
import { seedCommand } from './seed.command.js';
import { statisticsCommand } from './statistics.command.js';

/** Operator commands. Each reads the same environment as the service itself. */
export function program(): Command {
  const root = new Command('cli').description('Mon Suivi Justice: operator commands').showHelpAfterError();
  for (const command of [
    migrateCommand(),
    applyCommand(),
    seedCommand(),
    ...apiKeyCommands(),
    doctorCommand(),
    auditorCommand(),
    ...auditCommands(),
    holdCommand(),
    releaseCommand(),
    drillCommand(),
    backupCommand(),
    restoreCommand(),
    statisticsCommand(),
    keysCommand(),
    mailReturnedCommand(),
  ])
    root.addCommand(command);
  return root;
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'the command failed'}\n`);
    process.exitCode = 1;
  });

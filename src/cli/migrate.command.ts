import { Command } from 'commander';
import { readEnv } from '../../config/process-env.js';
import { migrate, roleOf } from '../platform/migrate.js';
import { report } from './output.js';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description(
      'bring the schema, the queue and the rights of the application up to date (DATABASE_OWNER_URL)',
    )
    .option('--json', 'report as one line of JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const env = readEnv();
      await migrate({
        ownerUrl: env.DATABASE_OWNER_URL ?? env.DATABASE_URL,
        applicationRole: roleOf(env.DATABASE_URL),
        environment: env.APP_ENV,
        secretKeys: env.SECRET_KEYS,
      });
      report(json, { migrated: true }, ['The database is up to date.']);
    });
}

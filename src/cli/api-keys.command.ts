import { Command } from 'commander';
import type { EntityManager } from 'typeorm';
import { readEnv } from '../../config/process-env.js';
import { type Role, ROLES } from '../access/domain/roles.js';
import { CreateApiKey } from '../agents/create-api-key.js';
import { ValidationFailed } from '../shared/domain-error.js';
import { inTransaction } from './context.js';
import { CommandError, report } from './output.js';

interface Options {
  readonly organization: string;
  readonly role: string;
  readonly json?: boolean;
}

export function apiKeyCommands(): Command[] {
  return [
    new Command('api-keys:create')
      .description('make an API key that acts for an organization with a role; it is printed once')
      .requiredOption('--organization <name>', 'name of the organization')
      .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
      .option('--json', 'report as one line of JSON')
      .action(createKey),
  ];
}

async function createKey({ organization, role, json }: Options): Promise<void> {
  const known: readonly string[] = ROLES;
  if (!known.includes(role)) throw new CommandError(`unknown role ${role}: one of ${ROLES.join(', ')}`);
  const { key } = await inTransaction(readEnv(), (tx) => create(tx, organization, role as Role));
  report(json, { organization, role, key }, [`Key of ${organization} (${role}), shown once:`, key]);
}

async function create(tx: EntityManager, name: string, role: Role): Promise<{ key: string }> {
  const rows: { id: string; kind: string }[] = await tx.query(
    'SELECT id, kind FROM organization WHERE name = $1',
    [name],
  );
  const organization = rows[0];
  if (organization === undefined) throw new CommandError(`no organization is called ${name}`);
  try {
    return await new CreateApiKey().execute(tx, { organizationId: organization.id, role });
  } catch (error) {
    if (error instanceof ValidationFailed)
      throw new CommandError(`${role} is not a role of a ${organization.kind}`);
    throw error;
  }
}

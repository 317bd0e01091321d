import { Command, InvalidArgumentError } from 'commander';
import type { EntityManager } from 'typeorm';
import { readEnv } from '../../config/process-env.js';
import { API_SCOPES } from '../access/domain/api-scopes.js';
import { type Role, ROLES } from '../access/domain/roles.js';
import { Journal } from '../access/journal.js';
import { CreateApiKey } from '../agents/keys/create-api-key.js';
import { type FieldError, ValidationFailed } from '../shared/domain-error.js';
import { inTransaction } from './context.js';
import { CommandError, report } from './output.js';

interface Options {
  readonly organization: string;
  readonly role: string;
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly validDays?: number;
  readonly json?: boolean;
}

export function apiKeyCommands(): Command[] {
  return [
    new Command('api-keys:create')
      .description('make an API key that acts for an organization with a role; it is printed once')
      .requiredOption('--organization <name>', 'name of the organization')
      .requiredOption('--role <role>', `one of ${ROLES.join(', ')}`)
      .option('--name <name>', 'what the key is for, as the console lists it')
      .option('--scope <scopes...>', `default: all of them; any of ${API_SCOPES.join(', ')}`)
      .option('--valid-days <days>', 'days until the key ends; default: no end', wholeNumber)
      .option('--json', 'report as one line of JSON')
      .action(createKey),
  ];
}

async function createKey(options: Options): Promise<void> {
  const { organization, role, json } = options;
  const known: readonly string[] = ROLES;
  if (!known.includes(role)) throw new CommandError(`unknown role ${role}: one of ${ROLES.join(', ')}`);
  const { key } = await inTransaction(readEnv(), (tx) => create(tx, options, role as Role));
  report(json, { organization, role, key }, [`Key of ${organization} (${role}), shown once:`, key]);
}

async function create(tx: EntityManager, options: Options, role: Role): Promise<{ key: string }> {
  const rows: { id: string; kind: string }[] = await tx.query(
    'SELECT id, kind FROM organization WHERE name = $1',
    [options.organization],
  );
  const organization = rows[0];
  if (organization === undefined) throw new CommandError(`no organization is called ${options.organization}`);
  const { name, scope, validDays } = options;
  try {
    return await new CreateApiKey(new Journal()).execute(tx, {
      ...{ organizationId: organization.id, role },
      ...{ scopes: scope ?? null, validDays: validDays ?? null },
      ...(name === undefined ? {} : { name }),
    });
  } catch (error) {
    if (error instanceof ValidationFailed)
      throw new CommandError(faultsOf(error.errors, role, organization.kind));
    throw error;
  }
}

function faultsOf(errors: readonly FieldError[], role: string, kind: string): string {
  return errors
    .map(({ field, message }) =>
      field === 'role' ? `${role} is not a role of a ${kind}` : `${field}: ${message}`,
    )
    .join('; ');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('a whole number of days');
  return Number(text);
}

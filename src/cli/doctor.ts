import { createTransport } from 'nodemailer';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../config/data-source.js';
import { type Env, isHostAllowed } from '../../config/env.js';
import { holdOf } from '../notifications/surety/sending-hold.js';
import { hasClearColumns } from '../platform/seal-clear-contacts.js';
import { keyIdsOfContacts } from '../platform/known-keys.js';
import { sealingOf } from '../platform/sealing.js';
import { needsWall, ROLE_FAULT_SENTENCES, roleFaults } from '../platform/row-security/application-role.js';
import { withDatabase } from './context.js';
import { countOldSeals } from './keys/old-seals.query.js';

export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly sentence: string;
}

const LEAST_POSTGRES = 15;
const MAIL_TIMEOUT_MS = 5_000;

const ok = (subject: string, sentence: string): Finding => ({ subject, state: 'ok', sentence });
const warning = (subject: string, sentence: string): Finding => ({ subject, state: 'warning', sentence });
const fault = (subject: string, sentence: string): Finding => ({ subject, state: 'fault', sentence });

/** Looks at everything the service needs, changes nothing, and never tells a secret. */
export async function examine(env: Readonly<Env>): Promise<Finding[]> {
  return [
    ...(await database(env)),
    await queue(env),
    ...operators(env),
    await mail(env),
    sendWindow(env),
    discretion(env),
    nodeZones(),
  ];
}

async function database(env: Readonly<Env>): Promise<Finding[]> {
  try {
    return await withDatabase(env, async (source) => [
      await version(source),
      await migrations(source),
      await environment(source, env),
      await hold(source, env),
      await rights(source, env),
      await wall(source, env),
      await zones(source),
      await keys(source),
    ]);
  } catch {
    return [fault('database', 'cannot be reached with DATABASE_URL')];
  }
}

async function keys(source: DataSource): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('contact') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return fault('keys', 'nothing is sealed yet: cli migrate');
  if (await hasClearColumns(source.manager))
    return fault('keys', 'contacts are not all sealed: cli migrate, to its end');
  const ids = await keyIdsOfContacts(source.manager);
  const sealing = sealingOf(source.manager);
  if (!ids.every((id) => sealing.knows(id)))
    return fault('keys', 'contacts are sealed by a key that SECRET_KEYS does not hold');
  const old = await source.transaction(countOldSeals);
  return old === 0
    ? ok('keys', 'everything is sealed with the newest key')
    : warning('keys', `${old} rows still need an older key: cli keys:rotate`);
}

async function version(source: DataSource): Promise<Finding> {
  const [row]: { n: number }[] = await source.query(
    `SELECT current_setting('server_version_num')::integer / 10000 AS n`,
  );
  const major = row?.n ?? 0;
  return major >= LEAST_POSTGRES
    ? ok('database', `PostgreSQL ${major}`)
    : fault('database', `PostgreSQL ${major}, at least ${LEAST_POSTGRES} is needed`);
}

async function migrations(source: DataSource): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('migrations') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return fault('migrations', 'none has run: cli migrate');
  const rows: { name: string }[] = await source.query('SELECT name FROM migrations');
  const run = new Set(rows.map(({ name }) => name));
  const missing = MIGRATIONS.filter(({ name }) => !run.has(name)).length;
  return missing === 0
    ? ok('migrations', `all ${MIGRATIONS.length} have run`)
    : fault('migrations', `${missing} have not run: cli migrate`);
}

async function environment(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('environment') IS NOT NULL AS there`,
  );
  const rows: { name: string }[] =
    table?.there === true ? await source.query('SELECT name FROM environment') : [];
  const made = rows[0]?.name ?? 'nothing';
  return made === env.APP_ENV
    ? ok('environment', `made for ${made}`)
    : fault('environment', `made for ${made}, APP_ENV is ${env.APP_ENV}: nothing will be sent`);
}

/** Held is not a fault: somebody wanted it, or a worker found a reason that a human must weigh. */
async function hold(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('sending_hold') IS NOT NULL AS there`,
  );
  if (table?.there !== true) return ok('hold', 'unknown before the migrations');
  const held = await holdOf(source.manager, env.APP_ENV);
  if (held === null) return ok('hold', 'sending is not held');
  if (held.reason === 'environment-mismatch') return fault('hold', `nothing is sent: ${held.detail ?? ''}`);
  return warning('hold', `nothing is sent (${held.reason}): ${held.detail ?? ''}. Next: cli release`);
}

/** One address may serve as owner and application in the demo and in tests, nowhere else. */
async function rights(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const [row]: { ddl: boolean; owner: boolean; superuser: boolean }[] = await source.query(
    `SELECT has_schema_privilege(current_user, 'public', 'CREATE') AS ddl,
            EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS owner,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
  );
  if (row === undefined) return fault('rights', 'cannot be read');
  if (!row.ddl && !row.owner && !row.superuser)
    return ok('rights', 'the application owns nothing and cannot change the schema');
  const lenient = env.APP_ENV === 'demo' || env.APP_ENV === 'test';
  return (lenient ? warning : fault)(
    'rights',
    'the application owns tables or may change the schema: give it a role of its own',
  );
}

/** Whether PostgreSQL itself keeps the services apart; the start is refused in production where it does not. */
async function wall(source: DataSource, env: Readonly<Env>): Promise<Finding> {
  const faults = await roleFaults(source);
  if (faults.length === 0) return ok('row security', 'each request sees the rows of its services only');
  const sentence = faults.map((name) => ROLE_FAULT_SENTENCES[name]).join('; ');
  return (needsWall(env.APP_ENV) ? fault : warning)('row security', sentence);
}

async function zones(source: DataSource): Promise<Finding> {
  const [table]: { there: boolean }[] = await source.query(
    `SELECT to_regclass('place') IS NOT NULL AS there`,
  );
  const used: { zone: string }[] =
    table?.there === true ? await source.query('SELECT DISTINCT time_zone AS zone FROM place') : [];
  const wanted = [...new Set([...TERRITORY_ZONES, ...used.map(({ zone }) => zone)])];
  const rows: { zone: string }[] = await source.query(
    'SELECT zone FROM unnest($1::text[]) AS zone WHERE zone NOT IN (SELECT name FROM pg_timezone_names)',
    [wanted],
  );
  return rows.length === 0
    ? ok('time zones of PostgreSQL', `all ${wanted.length} are known`)
    : fault('time zones of PostgreSQL', `unknown: ${rows.map(({ zone }) => zone).join(', ')}`);
}

function nodeZones(): Finding {
  const unknown = TERRITORY_ZONES.filter((zone) => !isKnown(zone));
  return unknown.length === 0
    ? ok('time zones of Node', `all ${TERRITORY_ZONES.length} are known`)
    : fault('time zones of Node', `unknown: ${unknown.join(', ')}`);
}

function isKnown(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('fr', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

async function queue(env: Readonly<Env>): Promise<Finding> {
  if (env.REDIS_URL === undefined) return ok('queue', 'in PostgreSQL (no REDIS_URL)');
  const client = new Redis(env.REDIS_URL, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return redisFinding(await setting(client, 'maxmemory-policy'), await setting(client, 'appendonly'));
  } catch {
    return fault('queue', 'Redis cannot be reached with REDIS_URL');
  } finally {
    client.disconnect();
  }
}

function redisFinding(policy: string | undefined, appendOnly: string | undefined): Finding {
  if (policy === undefined)
    return warning('queue', 'Redis does not tell its settings: make sure of noeviction and AOF');
  if (policy !== 'noeviction')
    return fault('queue', `Redis evicts keys (maxmemory-policy ${policy}): set it to noeviction`);
  if (appendOnly !== 'yes')
    return warning(
      'queue',
      'Redis keeps nothing across a restart (appendonly no): messages would wait for the sweeper',
    );
  return ok('queue', 'Redis, noeviction, append-only file');
}

async function setting(client: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await client.config('GET', name)) as string[];
    return value;
  } catch {
    return undefined;
  }
}

function operators(env: Readonly<Env>): Finding[] {
  if (env.SMS_PROVIDERS.length === 0)
    return [warning('operator', 'SMS_PROVIDERS is absent: no text message leaves, they wait')];
  const first = operatorsOf(env).map(([name, base]) => operator(env, name, base));
  if (env.SMS_PROVIDERS.length > 1) return first;
  return [...first, warning('second operator', 'there is none: an outage of the only one stops every text')];
}

function operatorsOf(env: Readonly<Env>): (readonly [string, string | undefined])[] {
  return env.SMS_PROVIDERS.map((name) => [
    name,
    name === 'twilio' ? env.TWILIO_API_BASE_URL : env.LINK_MOBILITY_API_BASE_URL,
  ]);
}

function operator(env: Readonly<Env>, name: string, base: string | undefined): Finding {
  const subject = `operator ${name}`;
  if (env.APP_ENV !== 'production' && (base === undefined || !isHostAllowed(env, base)))
    return warning(subject, 'outside production only loopback hosts and SEND_ALLOW_LIST may be reached');
  if (env.APP_ENV === 'production' && !env.PUBLIC_BASE_URL.startsWith('https://'))
    return fault(subject, 'PUBLIC_BASE_URL is not https: receipts and stop links would travel in clear');
  if (name === 'link-mobility' && env.LINK_MOBILITY_CALLBACK_TOKEN.length === 0)
    return warning(subject, 'LINK_MOBILITY_CALLBACK_TOKEN is absent: no delivery report is asked for');
  return ok(subject, base === undefined ? 'its own address' : 'the server of its API_BASE_URL');
}

async function mail(env: Readonly<Env>): Promise<Finding> {
  if (env.SMTP_URL === undefined) return warning('mail', 'SMTP_URL is absent: the e-mail channel is off');
  const options = { url: env.SMTP_URL, connectionTimeout: MAIL_TIMEOUT_MS, greetingTimeout: MAIL_TIMEOUT_MS };
  const transport = createTransport(options);
  try {
    await transport.verify();
    return ok('mail', 'the server answers');
  } catch {
    return fault('mail', 'the server of SMTP_URL does not answer');
  } finally {
    transport.close();
  }
}

function sendWindow(env: Readonly<Env>): Finding {
  return ok('send window', `${env.SEND_WINDOW} at each place`);
}

const SPEAKS_OF_JUSTICE = /justice|spip|tribunal|judiciaire|penal|probation|prison/i;

/** Every text carries its sender, and the first one of a convocation the host of its link, whatever the register. */
function discretion(env: Readonly<Env>): Finding {
  const carried = {
    PUBLIC_BASE_URL: new URL(env.PUBLIC_BASE_URL).hostname,
    TWILIO_SENDER: env.TWILIO_SENDER,
    LINK_MOBILITY_SENDER: env.LINK_MOBILITY_SENDER,
  };
  const speaking = Object.entries(carried).flatMap(([name, value]) =>
    SPEAKS_OF_JUSTICE.test(value) ? [name] : [],
  );
  return speaking.length === 0
    ? ok('discretion', 'neither the sender nor the host of the links speaks of justice')
    : warning('discretion', `texts for shared telephones name justice by ${speaking.join(', ')}`);
}

/** One zone per territory of the Republic. */
const TERRITORY_ZONES = [
  'Europe/Paris',
  'America/Guadeloupe',
  'America/Martinique',
  'America/Cayenne',
  'Indian/Reunion',
  'Indian/Mayotte',
  'America/Miquelon',
  'America/St_Barthelemy',
  'America/Marigot',
  'Pacific/Noumea',
  'Pacific/Tahiti',
  'Pacific/Wallis',
];

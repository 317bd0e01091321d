import { createTransport } from 'nodemailer';
import { Redis } from 'ioredis';
import { type Env, isHostAllowed } from '../../config/env.js';
import { discretion } from './doctor/discretion.js';
import { examineDatabase } from './doctor/examine-database.js';
import { fault, type Finding, ok, warning } from './doctor/finding.js';
import { nodeZones } from './doctor/time-zones.js';

const MAIL_TIMEOUT_MS = 5_000;

/** Looks at everything the service needs, changes nothing, and never tells a secret. */
export async function examine(env: Readonly<Env>): Promise<Finding[]> {
  return [
    ...(await examineDatabase(env)),
    await queue(env),
    ...operators(env),
    await mail(env),
    ...returnedMail(env),
    sendWindow(env),
    discretion(env),
    nodeZones(),
  ];
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

function returnedMail({ SMTP_URL, MAIL_RETURN_ADDRESS }: Readonly<Env>): Finding[] {
  if (SMTP_URL === undefined) return [];
  if (MAIL_RETURN_ADDRESS === undefined)
    return [
      warning('returned mail', 'MAIL_RETURN_ADDRESS is absent: what the server took counts as arrived'),
    ];
  return [
    ok('returned mail', 'each e-mail has a return address of its own; cli mail-returned reads what comes'),
  ];
}

function sendWindow(env: Readonly<Env>): Finding {
  return ok('send window', `${env.SEND_WINDOW} at each place`);
}

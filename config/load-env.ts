import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Env, LOOPBACK, withOidc } from './env.js';

const HS256_SECRET = /^\S{32,}$/;
const OUR_PREFIXES = ['SMS_', 'SEND_', 'TWILIO_', 'LINK_MOBILITY_', 'OIDC_'];

/**
 * @param source usually `process.env`
 * @throws Error naming every faulty variable: names only, values may be secrets
 */
export function loadEnv(source: NodeJS.ProcessEnv): Readonly<Env> {
  const given = Object.fromEntries(
    VARIABLES.filter((name) => source[name] !== undefined && source[name] !== '').map((name) => [
      name,
      source[name],
    ]),
  );
  const env = plainToInstance(Env, given, { exposeDefaultValues: true });
  const faulty = new Set<string>(validateSync(env).map((error) => error.property));
  for (const name of Object.keys(source))
    if (OUR_PREFIXES.some((prefix) => name.startsWith(prefix)) && !KNOWN.has(name)) faulty.add(name);
  for (const name of crossChecks(env)) faulty.add(name);
  if (faulty.size > 0) throw new Error(`Invalid environment: ${[...faulty].sort().join(', ')}`);
  return Object.freeze(env);
}

/** Whatever else is faulty: all names come at once. */
function* crossChecks(env: Env): Generator<string> {
  const [from = '', to = ''] = env.SEND_WINDOW.split('-');
  if (from > to) yield 'SEND_WINDOW';
  if (env.APP_ENV === 'production' && env.FAILPOINTS.length > 0) yield 'FAILPOINTS';
  if (env.RATE_LIMITS === 'off' && !['demo', 'test'].includes(env.APP_ENV)) yield 'RATE_LIMITS';
  if (!isIssuerSafe(env)) yield 'OIDC_ISSUER';
  if (!isSecretLongEnough(env)) yield 'OIDC_CLIENT_SECRET';
}

/** With HS256 the secret is the key: one that can be guessed would sign anybody in (RFC 7518, section 3.2: 256 bits). */
function isSecretLongEnough(env: Env): boolean {
  if (!withOidc(env) || env.OIDC_SIGNING_ALG !== 'HS256') return true;
  return HS256_SECRET.test(env.OIDC_CLIENT_SECRET);
}

/** Identities travel over https; over http only on this machine, in tests and demonstrations. */
function isIssuerSafe({ OIDC_ISSUER, APP_ENV }: Env): boolean {
  if (OIDC_ISSUER === undefined || !URL.canParse(OIDC_ISSUER)) return true;
  const { protocol, hostname } = new URL(OIDC_ISSUER);
  return protocol === 'https:' || (LOOPBACK.includes(hostname) && ['test', 'demo'].includes(APP_ENV));
}

/** Every variable that is read. */
export const VARIABLES = [
  'APP_ENV',
  'APP_ROLE',
  'PORT',
  'PUBLIC_BASE_URL',
  'TRUST_PROXY',
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'DATABASE_POOL_SIZE',
  'REDIS_URL',
  'SMS_PROVIDERS',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_SENDER',
  'TWILIO_API_BASE_URL',
  'TWILIO_MESSAGES_PER_SECOND',
  'LINK_MOBILITY_ACCOUNT',
  'LINK_MOBILITY_PASSWORD',
  'LINK_MOBILITY_SENDER',
  'LINK_MOBILITY_API_BASE_URL',
  'LINK_MOBILITY_MESSAGES_PER_SECOND',
  'LINK_MOBILITY_CALLBACK_TOKEN',
  'SMTP_URL',
  'MAIL_FROM',
  'MAIL_RETURN_ADDRESS',
  'SECRET_KEYS',
  'SEND_WINDOW',
  'SEND_ALLOW_LIST',
  'SEND_CONCURRENCY',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_NAME',
  'OIDC_SCOPE',
  'OIDC_PARAMETERS',
  'OIDC_PKCE',
  'OIDC_SIGNING_ALG',
  'OIDC_USERINFO',
  'RATE_LIMITS',
  'METRICS_TOKEN',
  'LOG_LEVEL',
  'JOBS_BOARD',
  'FAILPOINTS',
] as const satisfies readonly (keyof Env)[];

const KNOWN = new Set<string>(VARIABLES);

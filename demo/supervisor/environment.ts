import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made once for a folder and kept in it: sessions, links and signatures survive a restart. */
export interface DemoSecrets {
  readonly secretKey: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Of the second operator: its password, and the secret of the address it reports to. */
  readonly linkPassword: string;
  readonly linkCallbackToken: string;
}

export function demoSecrets(directory: string): DemoSecrets {
  const file = join(directory, 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<DemoSecrets>) : {};
  const made: DemoSecrets = {
    secretKey: randomBytes(32).toString('hex'),
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: randomBytes(16).toString('hex'),
    linkPassword: randomBytes(16).toString('hex'),
    linkCallbackToken: randomBytes(16).toString('base64url'),
    ...kept,
  };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

export interface Addresses {
  readonly baseUrl: string;
  readonly simulatorUrl: string;
  /** The simulator's second operator. */
  readonly linkUrl: string;
  readonly smtpUrl: string;
  readonly databaseUrl: string;
  readonly ownerUrl: string;
}

/** Absent, they switch a channel off: so they do when the caller empties them. */
const SWITCHES = ['SMS_PROVIDERS', 'SMTP_URL'];

/**
 * What the processes of the service are started with. The caller's own variables win over the demo's; whoever brings
 * an operator of their own gets every text there, and none by the simulator's second one.
 */
export function serviceEnvironment(
  caller: NodeJS.ProcessEnv,
  addresses: Addresses,
  secrets: DemoSecrets,
): NodeJS.ProcessEnv {
  const own = {
    APP_ENV: 'demo',
    PUBLIC_BASE_URL: addresses.baseUrl,
    DATABASE_URL: addresses.databaseUrl,
    DATABASE_OWNER_URL: addresses.ownerUrl,
    SMS_PROVIDERS: bringsTwilio(caller) ? 'twilio' : 'twilio,link-mobility',
    TWILIO_ACCOUNT_SID: secrets.accountSid,
    TWILIO_AUTH_TOKEN: secrets.authToken,
    TWILIO_SENDER: 'MonSuiviJus',
    TWILIO_API_BASE_URL: addresses.simulatorUrl,
    LINK_MOBILITY_ACCOUNT: 'demo',
    LINK_MOBILITY_PASSWORD: secrets.linkPassword,
    LINK_MOBILITY_SENDER: 'MonSuiviJus',
    LINK_MOBILITY_API_BASE_URL: addresses.linkUrl,
    LINK_MOBILITY_CALLBACK_TOKEN: secrets.linkCallbackToken,
    SMTP_URL: addresses.smtpUrl,
    MAIL_FROM: 'Mon Suivi Justice <ne-pas-repondre@mon-suivi.invalid>',
    SECRET_KEYS: secrets.secretKey,
    LOG_LEVEL: 'info',
  };
  const given = Object.fromEntries(
    Object.entries(caller).filter(
      ([name, value]) => value !== undefined && (value !== '' || SWITCHES.includes(name)),
    ),
  );
  return { ...own, ...given };
}

function bringsTwilio(caller: NodeJS.ProcessEnv): boolean {
  return Object.entries(caller).some(([name, value]) => name.startsWith('TWILIO_') && value);
}

/** Where the second operator reports. */
export function linkCallbackOf(env: NodeJS.ProcessEnv): string {
  const [token = ''] = (env['LINK_MOBILITY_CALLBACK_TOKEN'] ?? '').split(',');
  return `${env['PUBLIC_BASE_URL'] ?? ''}/hooks/link-mobility/status/${token}`;
}

const OF_THE_SERVICE =
  /^(APP_ENV|PUBLIC_BASE_URL|DATABASE_\w+|REDIS_URL|(SMS|SEND|TWILIO|LINK_MOBILITY|SMTP|MAIL|SECRET)_\w+)$/;

/** The same, to be read by a shell or by `node --env-file`: operator commands then speak to this very demo. */
export function environmentFile(env: NodeJS.ProcessEnv): string {
  return Object.entries(env)
    .filter(([name, value]) => OF_THE_SERVICE.test(name) && value !== undefined && value !== '')
    .map(([name, value]) => `${name}='${value ?? ''}'\n`)
    .join('');
}

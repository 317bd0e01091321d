import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made once for a folder and kept in it: sessions, links and signatures survive a restart. */
export interface DemoSecrets {
  readonly secretKey: string;
  readonly accountSid: string;
  readonly authToken: string;
}

export function demoSecrets(directory: string): DemoSecrets {
  const file = join(directory, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSecrets;
  const made: DemoSecrets = {
    secretKey: randomBytes(32).toString('hex'),
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: randomBytes(16).toString('hex'),
  };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

export interface Addresses {
  readonly baseUrl: string;
  readonly simulatorUrl: string;
  readonly smtpUrl: string;
  readonly databaseUrl: string;
  readonly ownerUrl: string;
}

/** Absent, they switch a channel off: so they do when the caller empties them. */
const SWITCHES = ['SMS_PROVIDERS', 'SMTP_URL'];

/** What the processes of the service are started with. The caller's own variables win over the demo's. */
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
    SMS_PROVIDERS: 'twilio',
    TWILIO_ACCOUNT_SID: secrets.accountSid,
    TWILIO_AUTH_TOKEN: secrets.authToken,
    TWILIO_SENDER: 'MonSuiviJus',
    TWILIO_API_BASE_URL: addresses.simulatorUrl,
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

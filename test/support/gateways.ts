import type { Env } from '../../config/env.js';
import { loadEnv } from '../../config/load-env.js';
import { LinkMobilityGateway } from '../../src/notifications/providers/link-mobility.gateway.js';
import { TwilioGateway } from '../../src/notifications/providers/twilio.gateway.js';

type Settings = Readonly<Record<string, string>>;

const envWith = (settings: Settings): Readonly<Env> =>
  loadEnv({
    APP_ENV: 'test',
    PUBLIC_BASE_URL: 'http://127.0.0.1:9',
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    SECRET_KEYS: 'k'.repeat(32),
    ...settings,
  });

/** The client of a server that speaks Twilio's API, by default with the token of `PlainOperator`. */
export function twilioTo(url: string, more: Settings = {}): TwilioGateway {
  const settings = {
    SMS_PROVIDERS: 'twilio',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'another-operator-token',
    TWILIO_SENDER: 'MonSuiviJus',
    TWILIO_API_BASE_URL: url,
  };
  return new TwilioGateway(envWith({ ...settings, ...more }));
}

/** The client of a server that speaks LINK Mobility's API. */
export function linkMobilityTo(url: string, more: Settings = {}): LinkMobilityGateway {
  const settings = {
    SMS_PROVIDERS: 'link-mobility',
    LINK_MOBILITY_ACCOUNT: 'account',
    LINK_MOBILITY_PASSWORD: 'pass:word',
    LINK_MOBILITY_SENDER: 'MonSuiviJus',
    LINK_MOBILITY_API_BASE_URL: url,
    LINK_MOBILITY_CALLBACK_TOKEN: 'a-token-of-the-callback-address',
  };
  return new LinkMobilityGateway(envWith({ ...settings, ...more }));
}

import { environmentFile, serviceEnvironment } from './environment.js';

const ADDRESSES = {
  baseUrl: 'http://127.0.0.1:3000',
  simulatorUrl: 'http://127.0.0.1:4000',
  linkUrl: 'http://127.0.0.1:4001',
  smtpUrl: 'smtp://127.0.0.1:2500',
  databaseUrl: 'postgresql://app@127.0.0.1/msj',
  ownerUrl: 'postgresql://owner@127.0.0.1/msj',
};
const SECRETS = {
  secretKey: 's'.repeat(64),
  accountSid: 'AC1',
  authToken: 't'.repeat(32),
  linkPassword: 'p'.repeat(32),
  linkCallbackToken: 'c'.repeat(22),
};

const environment = (caller: NodeJS.ProcessEnv) => serviceEnvironment(caller, ADDRESSES, SECRETS);

describe('the environment of the demo', () => {
  it('leaves the last word to the caller', () => {
    const caller = { TWILIO_API_BASE_URL: 'http://127.0.0.1:9', SEND_WINDOW: '00:00-23:59' };
    expect(environment(caller)).toMatchObject({ ...caller, SMTP_URL: ADDRESSES.smtpUrl });
  });

  it('switches off the channel whose variable the caller empties', () => {
    const off = environment({ SMS_PROVIDERS: '', SMTP_URL: '' });
    expect(off).toMatchObject({ SMS_PROVIDERS: '', SMTP_URL: '' });
  });

  it('keeps its own of what the service cannot do without', () => {
    const own = environment({ PUBLIC_BASE_URL: '', SECRET_KEYS: '', TWILIO_AUTH_TOKEN: '' });
    expect(own).toMatchObject({ PUBLIC_BASE_URL: ADDRESSES.baseUrl, TWILIO_AUTH_TOKEN: SECRETS.authToken });
  });

  it('sends all by the operator that the caller brings, by two of its own otherwise', () => {
    expect(environment({ TWILIO_API_BASE_URL: 'http://127.0.0.1:9' })['SMS_PROVIDERS']).toBe('twilio');
    expect(environment({ TWILIO_SENDER: '' })['SMS_PROVIDERS']).toBe('twilio,link-mobility');
  });

  it('is kept for operator commands, and nothing else of the machine is', () => {
    const kept = environmentFile(environment({ HOME: '/home/me', npm_config_x: 'y' }));
    expect(kept).toContain("MAIL_FROM='Mon Suivi Justice <ne-pas-repondre@mon-suivi.invalid>'\n");
    expect(kept).toContain("DATABASE_URL='postgresql://app@127.0.0.1/msj'\n");
    expect(kept).not.toMatch(/HOME|npm_/);
  });
});

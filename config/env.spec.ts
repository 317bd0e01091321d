import { loadEnv } from './load-env.js';

const ENOUGH = {
  APP_ENV: 'test',
  PUBLIC_BASE_URL: 'https://suivi.example',
  DATABASE_URL: 'postgresql://app:secret@localhost:5432/msj',
  SECRET_KEYS: 's'.repeat(32),
};

describe('the environment', () => {
  it('names all that is faulty at once, and values never', () => {
    const faulty = { ...ENOUGH, APP_ENV: 'production', PORT: 'many', FAILPOINTS: 'after-accept' };
    expect(() =>
      loadEnv({ ...faulty, SEND_WINDOW: '20:00-08:00', SECRET_KEYS: ',', TWILIO_X: 'hush' }),
    ).toThrow(/^Invalid environment: FAILPOINTS, PORT, SECRET_KEYS, SEND_WINDOW, TWILIO_X$/);
  });

  it('says what is missing altogether', () => {
    expect(() => loadEnv({})).toThrow(
      /^Invalid environment: APP_ENV, DATABASE_URL, PUBLIC_BASE_URL, SECRET_KEYS$/,
    );
  });

  it('takes the tokens that others chose, whatever their length', () => {
    const given = { SMS_PROVIDERS: 'twilio', TWILIO_ACCOUNT_SID: 'ACtest', TWILIO_AUTH_TOKEN: 'new,old' };
    const env = loadEnv({ ...ENOUGH, ...given, TWILIO_SENDER: 'MonSuiviJus', METRICS_TOKEN: 'metrics' });
    expect(env.TWILIO_AUTH_TOKEN).toEqual(['new', 'old']);
    expect(env.METRICS_TOKEN).toBe('metrics');
  });

  it('wants an account, a token and a sender with an operator', () => {
    expect(() => loadEnv({ ...ENOUGH, SMS_PROVIDERS: 'twilio', TWILIO_ACCOUNT_SID: 'SK123' })).toThrow(
      /: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_SENDER$/,
    );
  });

  it('wants all of the second operator once it is named, and nothing of one that is not', () => {
    const link = {
      SMS_PROVIDERS: 'link-mobility',
      LINK_MOBILITY_ACCOUNT: 'account',
      LINK_MOBILITY_PASSWORD: 'pass,word',
      LINK_MOBILITY_SENDER: 'MonSuiviJus',
      LINK_MOBILITY_API_BASE_URL: 'https://europe.ipx.com',
    };
    expect(loadEnv({ ...ENOUGH, ...link }).LINK_MOBILITY_PASSWORD).toBe('pass,word');
    expect(() => loadEnv({ ...ENOUGH, SMS_PROVIDERS: 'link-mobility' })).toThrow(
      /: LINK_MOBILITY_ACCOUNT, LINK_MOBILITY_API_BASE_URL, LINK_MOBILITY_PASSWORD, LINK_MOBILITY_SENDER$/,
    );
    expect(() => loadEnv({ ...ENOUGH, ...link, SMS_PROVIDERS: 'link-mobility,link-mobility' })).toThrow(
      /: SMS_PROVIDERS$/,
    );
    expect(() => loadEnv({ ...ENOUGH, ...link, LINK_MOBILITY_CALLBACK_TOKEN: 'short' })).toThrow(
      /: LINK_MOBILITY_CALLBACK_TOKEN$/,
    );
  });

  it('wants all of an OpenID provider, over https unless it is on this machine in a test', () => {
    const oidc = {
      OIDC_ISSUER: 'https://idp.example/api/v2',
      OIDC_CLIENT_ID: 'msj',
      OIDC_CLIENT_SECRET: 'hush',
    };
    expect(loadEnv({ ...ENOUGH, ...oidc })).toMatchObject({ OIDC_SIGNING_ALG: 'RS256', OIDC_PKCE: 'off' });
    expect(() => loadEnv({ ...ENOUGH, OIDC_ISSUER: oidc.OIDC_ISSUER })).toThrow(
      /: OIDC_CLIENT_ID, OIDC_CLIENT_SECRET$/,
    );
    const loopback = { ...ENOUGH, ...oidc, OIDC_ISSUER: 'http://127.0.0.1:4000' };
    expect(loadEnv(loopback).OIDC_ISSUER).toBe('http://127.0.0.1:4000');
    expect(() => loadEnv({ ...loopback, APP_ENV: 'production' })).toThrow(/: OIDC_ISSUER$/);
    expect(() => loadEnv({ ...loopback, OIDC_ISSUER: 'http://idp.example' })).toThrow(/: OIDC_ISSUER$/);
    expect(() => loadEnv({ ...ENOUGH, ...oidc, OIDC_SIGNING_ALG: 'none', OIDC_X: '1' })).toThrow(
      /: OIDC_SIGNING_ALG, OIDC_X$/,
    );
    const symmetric = { ...ENOUGH, ...oidc, OIDC_SIGNING_ALG: 'HS256' };
    expect(() => loadEnv(symmetric)).toThrow(/: OIDC_CLIENT_SECRET$/);
    expect(loadEnv({ ...symmetric, OIDC_CLIENT_SECRET: 'x'.repeat(32) }).OIDC_SIGNING_ALG).toBe('HS256');
  });

  it('takes a pace above zero, or none', () => {
    expect(loadEnv(ENOUGH).TWILIO_MESSAGES_PER_SECOND).toBeUndefined();
    expect(loadEnv({ ...ENOUGH, TWILIO_MESSAGES_PER_SECOND: '0.5' }).TWILIO_MESSAGES_PER_SECOND).toBe(0.5);
    for (const pace of ['0', '-1', 'fast', '1e3', 'Infinity'])
      expect(() => loadEnv({ ...ENOUGH, TWILIO_MESSAGES_PER_SECOND: pace })).toThrow(
        /: TWILIO_MESSAGES_PER_SECOND$/,
      );
  });
});

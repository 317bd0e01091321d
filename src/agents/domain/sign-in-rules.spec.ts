import { mayUsePassword } from './sign-in-rules.js';

describe('a password', () => {
  it.each([
    ['without a provider', { role: 'cpip', usesProvider: false, oidcIsOn: false }, true],
    ['when the provider was switched off again', { role: 'cpip', usesProvider: true, oidcIsOn: false }, true],
    ['before the first sign-in there', { role: 'cpip', usesProvider: false, oidcIsOn: true }, true],
    ['once bound to an identity there', { role: 'cpip', usesProvider: true, oidcIsOn: true }, false],
    ['of an administrator, always', { role: 'admin', usesProvider: true, oidcIsOn: true }, true],
    ['of a local administrator, always', { role: 'local-admin', usesProvider: true, oidcIsOn: true }, true],
  ] as const)('%s', (_when, account, expected) => {
    expect(mayUsePassword(account)).toBe(expected);
  });
});

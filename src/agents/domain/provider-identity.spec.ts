import { mayBind, type ProviderIdentity, showedSecondFactor } from './provider-identity.js';

const SIRET = '13000000000014';
const IDENTITY: ProviderIdentity = {
  ...{ idpId: 'idp-1', sub: 'sub-1', email: 'awa@spip.example', emailIsVerified: null },
  ...{ siret: SIRET, isFederated: true, amr: ['pwd'], provedSecondsAgo: null },
};

describe('binding an identity to an invited agent', () => {
  it.each([
    ['the SIRET of the service', {}, { siret: SIRET, emailDomains: [] }],
    ['a domain of the service', {}, { siret: null, emailDomains: ['spip.example'] }],
    ['a verified address', { isFederated: false, emailIsVerified: true }, { siret: SIRET, emailDomains: [] }],
  ])('takes %s', (_why, told, expected) => {
    expect(mayBind({ ...IDENTITY, ...told }, expected)).toBe(true);
  });

  it.each([
    ['another SIRET', { siret: '13000000000099' }, { siret: SIRET, emailDomains: ['spip.example'] }],
    ['no SIRET', { siret: null }, { siret: SIRET, emailDomains: ['spip.example'] }],
    [
      'another domain',
      { email: 'awa@spip.example.evil.example' },
      { siret: null, emailDomains: ['spip.example'] },
    ],
    ['a service that expects nothing', {}, { siret: null, emailDomains: [] }],
    ['no address', { email: null }, { siret: SIRET, emailDomains: [] }],
    ['an unverified address', { emailIsVerified: false }, { siret: SIRET, emailDomains: [] }],
    ['an address nobody vouches for', { isFederated: false }, { siret: SIRET, emailDomains: [] }],
  ])('refuses %s', (_why, told, expected) => {
    expect(mayBind({ ...IDENTITY, ...told }, expected)).toBe(false);
  });

  it('knows a second factor shown at the provider', () => {
    expect(['pwd', 'mail', 'otp', 'mfa', 'pop'].map((one) => showedSecondFactor({ amr: [one] }))).toEqual([
      ...[false, false, false, true, true],
    ]);
  });
});

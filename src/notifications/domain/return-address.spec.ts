import fc from 'fast-check';
import { newMailToken } from '../../shared/tokens.js';
import { returnAddressOf, returnTokenOf } from './return-address.js';

const MAILBOX = 'Retours@suivi.example';

describe('the return address of an e-mail', () => {
  it('gives its token back, also when a server on the way wrote it in capitals', () => {
    const token = newMailToken();
    const address = returnAddressOf(MAILBOX, token);
    expect(address).toBe(`Retours+${token}@suivi.example`);
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
    for (const said of [address, address.toUpperCase(), address.toLowerCase()])
      expect(returnTokenOf(MAILBOX, said)).toBe(token);
  });

  it.each([
    ['another mailbox', `autres+${'a'.repeat(32)}@suivi.example`],
    ['another domain', `retours+${'a'.repeat(32)}@suivi.example.org`],
    ['no token', 'retours@suivi.example'],
    ['an empty token', 'retours+@suivi.example'],
    ['a short token', 'retours+abc@suivi.example'],
    ['two tokens', `retours+${'a'.repeat(32)}+${'a'.repeat(32)}@suivi.example`],
    ['nothing', ''],
  ])('is not one with %s', (_what, address) => {
    expect(returnTokenOf(MAILBOX, address)).toBeNull();
  });

  it('is read from nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (address) => {
        expect(returnTokenOf(MAILBOX, address)).toBeNull();
      }),
    );
  });
});

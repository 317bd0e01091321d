import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { checkSymmetric } from './symmetric-tokens.js';

const SECRET = 'a-secret-of-the-client-long-enough';
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(header: unknown, secret = SECRET): string {
  const input = `${encoded(header)}.${encoded({ sub: 'one' })}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

describe('a token signed with the secret of the client', () => {
  it('is the one that its secret signed', () => {
    expect(() => checkSymmetric(token({ alg: 'HS256' }), SECRET)).not.toThrow();
    expect(() => checkSymmetric(token({ alg: 'HS256' }, 'another secret'), SECRET)).toThrow();
  });

  it.each([{ alg: 'none' }, { alg: 'HS384' }, { alg: 'RS256' }, {}, null, ['HS256']])(
    'is refused with the header %j',
    (header) => {
      expect(() => checkSymmetric(token(header), SECRET)).toThrow();
    },
  );

  it.each([
    '',
    '.',
    '..',
    'a.b.c',
    `${token({ alg: 'HS256' })}.x`,
    token({ alg: 'HS256' }).replace(/\.[^.]*$/, '.'),
  ])('is refused as %j', (text) => {
    expect(() => checkSymmetric(text, SECRET)).toThrow();
  });

  it('is refused with any one character changed', () => {
    const good = token({ alg: 'HS256' });
    // The last character holds two bits that mean nothing.
    fc.assert(
      fc.property(
        fc.nat(good.length - 2),
        fc.constantFrom('A', 'B', 'x', 'z', '0', '9', '-', '_'),
        (at, other) => {
          fc.pre(good[at] !== other && good[at] !== '.');
          expect(() => checkSymmetric(good.slice(0, at) + other + good.slice(at + 1), SECRET)).toThrow();
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { AddressGuard, isPublicAddress } from './address-guard.js';
import { checkWebhookUrl } from './domain/webhook-url.js';

const STRICT = { isRelaxed: false };
const production = new AddressGuard({ APP_ENV: 'production', SEND_ALLOW_LIST: ['intern.example'] });
const demo = new AddressGuard({ APP_ENV: 'demo', SEND_ALLOW_LIST: ['intern.example'] });

/** First octets of networks that nobody on the Internet owns. */
const PRIVATE = fc.oneof(
  fc.tuple(fc.constantFrom(0, 10, 127), fc.nat(255), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
  fc.tuple(fc.integer({ min: 224, max: 255 }), fc.nat(255), fc.nat(255), fc.nat(255)),
);

type Octets = [number, number, number, number];
const SPELLINGS: readonly ((octets: Octets) => string)[] = [
  (o) => o.join('.'),
  (o) => o.map((n) => `0${n.toString(8)}`).join('.'),
  (o) => o.map((n) => `0x${n.toString(16)}`).join('.'),
  ([a, b, c, d]) => String(((a * 256 + b) * 256 + c) * 256 + d),
  ([a, b, c, d]) => `0x${(((a * 256 + b) * 256 + c) * 256 + d).toString(16)}`,
  ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  (o) => `${o.join('.')}.`,
  (o) => `[::ffff:${o.join('.')}]`,
  (o) => `[64:ff9b::${o.join('.')}]`,
  (o) => `[::${o.join('.')}]`,
  ([a, b, c, d]) => `[2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::1]`,
];

function refusesLiteral(host: string): boolean {
  const checked = checkWebhookUrl(`https://${host}/hook`, STRICT);
  if (!(checked instanceof URL)) return true;
  return !production.isAllowed(checked.hostname, checked.hostname.replace(/^\[(.*)\]$/, '$1'));
}

describe('addresses that are never called', () => {
  it('are refused in every spelling that a URL knows', () => {
    fc.assert(
      fc.property(PRIVATE, fc.constantFrom(...SPELLINGS), (octets, spell) => refusesLiteral(spell(octets))),
      { numRuns: 2000 },
    );
  });

  it.each([
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '2001:db8::1', '2002:7f00:1::'],
    ...['::ffff:10.0.0.1', '64:ff9b::a00:1', '100::1', 'fec0::1', '2001::1', '168.63.129.16', '192.0.0.192'],
    ...['', 'localhost', 'example.org', '127.0.0.1:80', '1.2.3'],
  ])('%s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['80.67.169.12', '1.1.1.1', '2001:67c:2e8:22::c100:68b', '2a00:1450:4007:80e::200e'])(
    'not %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('a name', () => {
  const resolve = (guard: AddressGuard, host: string) =>
    new Promise<unknown>((done) => guard.lookup(host, { all: true }, (error, found) => done(error ?? found)));

  it.each(['localhost', 'localhost.'])('%s leads nowhere in production, home in demo', async (host) => {
    const found = await resolve(demo, host);
    // With its dot, some resolvers do not know it at all.
    const isUnknown = 'syscall' in Object(found);
    if (!isUnknown)
      expect(found).toContainEqual(expect.objectContaining({ address: expect.stringMatching(/^(127|::1)/) }));
    const refused = isUnknown ? { syscall: 'getaddrinfo' } : { code: 'REFUSED_ADDRESS' };
    await expect(resolve(production, host)).resolves.toMatchObject(refused);
  });

  it('that is listed is called outside production only', () => {
    expect(demo.isAllowed('intern.example', '10.1.2.3')).toBe(true);
    expect(production.isAllowed('intern.example', '10.1.2.3')).toBe(false);
    expect(demo.isAllowed('other.example', '10.1.2.3')).toBe(false);
  });
});

describe('the address of a receiver', () => {
  const codeOf = (text: string, rules = STRICT) => {
    const checked = checkWebhookUrl(text, rules);
    return checked instanceof URL ? checked.href : checked.code;
  };

  it.each([
    ['https://logiciel.example/suivi', 'https://logiciel.example/suivi'],
    ['https://logiciel.example:8443/suivi?a=1', 'https://logiciel.example:8443/suivi?a=1'],
    ['https://logiciel.example:4430/', 'https://logiciel.example:4430/'],
    ['http://logiciel.example/', 'https'],
    ['ftp://logiciel.example/', 'https'],
    ['javascript:alert(1)', 'https'],
    ['https://user:secret@logiciel.example/', 'credentials'],
    ['https://user@logiciel.example/', 'credentials'],
    ['https://logiciel.example:22/', 'port'],
    ['https://logiciel.example:80/', 'port'],
    ['https://logiciel.example/#part', 'fragment'],
    ['logiciel.example', 'malformed'],
    ['https://', 'malformed'],
    [`https://logiciel.example/${'a'.repeat(500)}`, 'length'],
  ])('%s', (text, expected) => {
    expect(codeOf(text)).toBe(expected);
  });

  it('may be plain and near in demo and test', () => {
    expect(codeOf('http://127.0.0.1:81/', { isRelaxed: true })).toBe('http://127.0.0.1:81/');
  });
});

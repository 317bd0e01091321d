import { codeAt, newSecret, stepOf, uriOf } from './totp.js';

/** The secret of RFC 6238, appendix B: « 12345678901234567890 ». */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codes of an authenticator', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %d s are those of RFC 6238', async (seconds, code) => {
    expect(await codeAt(SECRET, seconds)).toBe(code);
    expect(await stepOf(SECRET, code, seconds)).toBe(Math.floor(seconds / 30));
  });

  it('are good one step early and one step late, no further', async () => {
    const now = 1_780_992_010;
    const code = await codeAt(SECRET, now);
    const steps = await Promise.all([-60, -30, 0, 30, 60].map((shift) => stepOf(SECRET, code, now + shift)));
    const step = Math.floor(now / 30);
    expect(steps).toEqual([null, step, step, step, null]);
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('are not %j', async (code) => {
    expect(await stepOf(SECRET, code, 59)).toBeNull();
  });

  it('come from 160 random bits, told to the authenticator with the service and the account', async () => {
    const [one, two] = [await newSecret(), await newSecret()];
    expect(one).toMatch(/^[A-Z2-7]{32}$/);
    expect(one).not.toBe(two);
    const uri = new URL(await uriOf(one, 'awa@spip.example'));
    expect(decodeURIComponent(uri.pathname)).toContain('Mon Suivi Justice:awa@spip.example');
    expect(uri.searchParams.get('secret')).toBe(one);
  });
});

import { PER_ACCOUNT, PER_ADDRESS, waitAfter } from './throttle.js';

describe('the wait before the next sign-in', () => {
  it('is none for the first failures, then doubles', () => {
    expect([0, 1, 4, 5, 6, 7, 8].map((failures) => waitAfter(failures, PER_ACCOUNT))).toEqual([
      0, 0, 0, 1, 2, 4, 8,
    ]);
  });

  it('never grows beyond its bound: nobody is locked out for good', () => {
    expect(waitAfter(1_000_000, PER_ACCOUNT)).toBe(900);
    expect(waitAfter(1_000_000, PER_ADDRESS)).toBe(300);
  });

  it('forgives more of an address, which a whole court may share', () => {
    expect(waitAfter(49, PER_ADDRESS)).toBe(0);
  });
});

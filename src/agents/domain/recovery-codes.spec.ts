import fc from 'fast-check';
import { plainRecoveryCode, recoveryCodeFrom } from './recovery-codes.js';

describe('a recovery code', () => {
  it('is found again however it is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 40, maxLength: 40 }), (bytes) => {
        const code = recoveryCodeFrom(bytes);
        fc.pre(code !== null);
        expect(code).toMatch(/^([2-9A-Z]{4}-){3}[2-9A-Z]{4}$/);
        const plain = code.replaceAll('-', '');
        for (const typed of [code, ` ${code.toLowerCase()} `, code.replaceAll('-', ' ')])
          expect(plainRecoveryCode(typed)).toBe(plain);
      }),
    );
  });

  it.each(['', '123456', 'ABCD-EFGH-JKMN', 'ABCD-EFGH-JKMN-PQR0', 'ABCD-EFGH-JKMN-PQRSS'])(
    'is not %j',
    (typed) => {
      expect(plainRecoveryCode(typed)).toBeNull();
    },
  );

  it('asks for more bytes rather than favour a letter', () => {
    expect(recoveryCodeFrom(new Uint8Array(40).fill(255))).toBeNull();
    expect(recoveryCodeFrom(new Uint8Array(16).fill(0))).toBe('2222-2222-2222-2222');
  });
});

import fc from 'fast-check';
import { codeOf, printedCode, typedCode } from './certificate.js';

describe('the code of a certificate', () => {
  it('comes back whole from print and from careless typing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 32 }), (bytes) => {
        const code = codeOf(Buffer.from(bytes));
        const careless = printedCode(code).toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
        expect(typedCode(careless)).toBe(code);
      }),
    );
  });

  it('differs when one of its 80 bits does', () => {
    const bytes = Buffer.alloc(10);
    const codes = Array.from({ length: 80 }, (_, bit) => {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = 1 << (bit & 7);
      return codeOf(flipped);
    });
    expect(new Set([...codes, codeOf(bytes)]).size).toBe(81);
  });

  it.each(['', '7K3M', '7K3M-9QX2-A0VB-4C5', 'UUUU-UUUU-UUUU-UUUU', '7K3M-9QX2-A0VB-4C5D-X'])(
    'is refused: %s',
    (typed) => expect(typedCode(typed)).toBeNull(),
  );
});

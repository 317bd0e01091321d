import fc from 'fast-check';
import { CannotOpen, Sealing } from './sealing.js';

const holding = (...keys: string[]) => new Sealing({ SECRET_KEYS: keys });
const [old, recent] = ['o'.repeat(32), 'r'.repeat(32)];

function refusalOf(work: () => unknown): CannotOpen {
  try {
    work();
  } catch (error) {
    if (error instanceof CannotOpen) return error;
  }
  throw new Error('it opened');
}

describe('sealing', () => {
  it('opens what it sealed, whatever the text and the context', () => {
    const sealing = holding(recent);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, context) => {
        expect(sealing.open(sealing.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  it('never seals twice to the same bytes, and hides the text', () => {
    const sealing = holding(recent);
    const [one, two] = [sealing.seal('+33612345678', 'a'), sealing.seal('+33612345678', 'a')];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('12345')).toBe(false);
    expect(one).toHaveLength(33 + '+33612345678'.length);
  });

  it('refuses another context, a changed byte anywhere and a cut, without telling the text', () => {
    const sealing = holding(recent);
    const sealed = sealing.seal('+33612345678', 'person:1:phone');
    expect(refusalOf(() => sealing.open(sealed, 'person:2:phone')).reason).toBe('forged-or-moved');
    for (let at = 0; at < sealed.length; at++) {
      const flipped = Buffer.from(sealed);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
      expect(refusalOf(() => sealing.open(flipped, 'person:1:phone')).message).not.toContain('612345');
    }
    for (const length of [0, 1, 20, sealed.length - 1])
      expect(refusalOf(() => sealing.open(sealed.subarray(0, length), 'person:1:phone'))).toBeInstanceOf(
        CannotOpen,
      );
  });

  it('seals with the newest key; every key still listed opens, no other', () => {
    const before = holding(old).seal('text', 'a');
    const rotated = holding(recent, old);
    expect(rotated.open(before, 'a')).toBe('text');
    const after = rotated.seal('text', 'a');
    expect(holding(recent).open(after, 'a')).toBe('text');
    expect(after.subarray(0, 5)).toEqual(rotated.newestPrefix());
    expect(refusalOf(() => holding(recent).open(before, 'a')).reason).toBe('unknown-key');
  });

  it('indexes equal values alike, per purpose and per key', () => {
    const sealing = holding(recent);
    const index = sealing.blindIndex('phone', '+33612345678');
    expect(sealing.blindIndex('phone', '+33612345678')).toEqual(index);
    expect(sealing.blindIndex('phone', '+33612345679')).not.toEqual(index);
    expect(sealing.blindIndex('email', '+33612345678')).not.toEqual(index);
    expect(index).toHaveLength(20);
    expect(sealing.shortIndex('phone-tail', '5678')).toHaveLength(6);
  });

  it('finds during a rotation what either key indexed', () => {
    const rotated = holding(recent, old);
    const wanted = rotated.blindIndexes('phone', '+33612345678');
    expect(wanted).toEqual([
      holding(recent).blindIndex('phone', '+33612345678'),
      holding(old).blindIndex('phone', '+33612345678'),
    ]);
    expect(rotated.shortIndexes('phone-tail', '5678')).toEqual([
      holding(recent).shortIndex('phone-tail', '5678'),
      holding(old).shortIndex('phone-tail', '5678'),
    ]);
    expect(rotated.newestKeyId()).toEqual(wanted[0]?.subarray(0, 4));
  });
});

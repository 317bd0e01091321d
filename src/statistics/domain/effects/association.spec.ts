import { association } from './association.js';

describe('association', () => {
  it('gives every line its interval, and the sentence that it is no effect', () => {
    const { rows, sentence } = association([{ key: 'a', missed: 15, known: 148 }]);
    expect(sentence).toBe('C’est une association, pas un effet.');
    // Newcombe 1998, table I.
    expect(rows[0]?.rate.low).toBeCloseTo(0.0624, 4);
    expect(rows[0]?.rate.high).toBeCloseTo(0.1605, 4);
  });

  it('is wider when few persons make many outcomes', () => {
    const of = (persons: number) =>
      association([{ key: 'a', missed: 60, known: 240, persons }]).rows[0]!.rate;
    expect(of(40).high - of(40).low).toBeGreaterThan(of(240).high - of(240).low);
  });

  it('compares the highest with the lowest line, without those of a handful', () => {
    const lines = [
      { key: 'new', missed: 40, known: 100 },
      { key: 'old', missed: 10, known: 100 },
      { key: 'rare', missed: 3, known: 3 },
    ];
    expect(association(lines).contrast?.value).toBeCloseTo(0.3);
    expect(association(lines.slice(0, 1)).contrast).toBeNull();
  });
});

import fc from 'fast-check';
import { csvOf } from './csv.js';

const lines = (rows: (string | number)[][]) => csvOf(rows).slice(1).split('\r\n').slice(0, -1);

describe('the table for spreadsheets', () => {
  it('has a byte order mark, semicolons and decimal commas', () => {
    expect(csvOf([['SPIP', 12, 3.5]])).toBe('\ufeffSPIP;12;3,5\r\n');
  });

  it('quotes what would break a line', () => {
    expect(lines([['a;b', 'c"d']])).toEqual(['"a;b";"c""d"']);
  });

  it.each(['=1+1', '+33612345678', '-2', '@SUM(A1)', '\t=1', ' =1', '\u00a0=1', '＝1', 'a\n=1'])(
    'makes no formula of %j',
    (text) => {
      expect(csvOf([[text]])).toMatch(/^\ufeff"?'/);
    },
  );

  it('lets no text begin with the sign of a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(csvOf([[text]]).slice(1)).not.toMatch(/^"?[\s]*[=+\-@＝＋－＠]/u);
      }),
    );
  });
});

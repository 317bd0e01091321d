import fc from 'fast-check';
import { readSearch } from './person-search.js';

const NOTHING = { words: [], birthDate: null, appiNumber: null, phone: null };

it.each([
  ['Dupont', { words: ['dupont'] }],
  ['  dupont   Zoé ', { words: ['dupont', 'zoe'] }],
  ["L'Évêque", { words: ['l', 'eveque'] }],
  ['1985-03-12', { birthDate: '1985-03-12' }],
  ['12/03/1985', { birthDate: '1985-03-12' }],
  ['2.3.1985', { birthDate: '1985-03-02' }],
  ['Dupont 12/03/1985', { words: ['dupont'], birthDate: '1985-03-12' }],
  ['2020 1234 5678 a', { appiNumber: '202012345678A' }],
  ['19912345', { appiNumber: '19912345', phone: '19912345' }],
  ['06 12 34 56 78', { phone: '06 12 34 56 78' }],
  ['+33 (0)6.12.34', { phone: '+33 (0)6.12.34' }],
  ['31/02/1985', { phone: '31/02/1985' }],
])('%s', (query, expected) => {
  expect(readSearch(query)).toEqual({ ...NOTHING, ...expected });
});

it.each(['', '   ', '-', '%', '\u0000'])('finds nothing to search by in %j', (query) => {
  expect(readSearch(query)).toBeNull();
});

it('reads whatever is typed, and leaves nothing in a word but letters and digits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (query) => {
      const words = readSearch(query)?.words ?? [];
      expect(words.length).toBeLessThanOrEqual(8);
      expect(words.every((word) => /^[\p{L}\p{N}]+$/u.test(word))).toBe(true);
    }),
  );
});

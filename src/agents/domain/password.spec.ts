import fc from 'fast-check';
import { ownWords, passwordFault } from './password.js';

const ABOUT = ['camille.martin', 'parquet.example', 'Camille', 'Martin', 'Luc', 'SPIP 92 Nanterre', 'Sète'];

describe('a chosen password', () => {
  it.each([
    'cheval agrafe pile correcte',
    'Le chat dort sur le toit rouge',
    '🦊🦊 renards et lanternes',
    'x7#kQ!v9Lp2@mZr',
    'la lucarne du grenier bleu',
    'objet trouvé sur un banc',
  ])('may be %j', (password) => {
    expect(passwordFault(password, ABOUT)).toBeNull();
  });

  it.each([
    ['quatorze-lettr', 'too-short'],
    ['x'.repeat(129), 'too-long'],
    ['aaaaaaaaaaaaaaaa', 'too-simple'],
    ['ababababababababab', 'too-simple'],
    ['MotDePasse et lanternes', 'context'],
    ['camillemartin2026', 'context'],
    ['Mon Suivi Justice 92', 'context'],
    ['j u s t i c e et lanternes', 'context'],
    ['trois renards à Sète', 'context'],
    ['trois renards et Luc', 'context'],
    ['NANTERRE la belle ville', 'context'],
    ['le tj de la grande rue', 'context'],
    ['ma première convocation', 'context'],
  ])('may not be %j: %s', (password, fault) => {
    expect(passwordFault(password, ABOUT)).toBe(fault);
  });

  it('never holds a word of its agent, however it is written', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', '_');
    fc.assert(
      fc.property(fc.constantFrom('Nanterre', 'Hélène', 'Lefèvre'), separator, (word, between) => {
        const written = Array.from(word).join(between).toUpperCase();
        expect(passwordFault(`lanternes ${written} renards`, [word])).toBe('context');
      }),
    );
  });

  it('counts characters as people do, and cuts nothing off', () => {
    expect(passwordFault('🦊🐢🦉🐿🦔🐌🐝🦋🐞🐛🐙🦑🐡🐠', [])).toBe('too-short');
    expect(passwordFault(`${'lanternes rouges '.repeat(7)}abcdefghi`, [])).toBeNull();
    expect(passwordFault(`${'lanternes rouges '.repeat(7)}abcdefghij`, [])).toBe('too-long');
  });
});

describe('words of an agent', () => {
  it('are split, folded, and without numbers', () => {
    expect(ownWords(['Hélène.Lefèvre@justice.example', 'SPIP 92 Nanterre', 'L'])).toEqual([
      ...['helene', 'lefevre', 'justice', 'example', 'spip', 'nanterre'],
    ]);
  });
});

import { passwordFault } from './password.js';

const ABOUT = ['camille.martin', 'justice.example', 'Camille', 'Martin'];

describe('a chosen password', () => {
  it.each([
    'cheval agrafe pile correcte',
    'Le chat dort sur le toit rouge',
    '🦊🦊 renards et lanternes',
    'x7#kQ!v9Lp2@mZr',
  ])('may be %j', (password) => {
    expect(passwordFault(password, ABOUT)).toBeNull();
  });

  it.each([
    ['quatorze-lettr', 'too-short'],
    ['x'.repeat(129), 'too-long'],
    ['aaaaaaaaaaaaaaaa', 'too-simple'],
    ['ababababababababab', 'too-simple'],
    ['MotDePasse123456', 'guessable'],
    ['camillemartin2026', 'guessable'],
    ['Mon Suivi Justice 92', 'guessable'],
  ])('may not be %j: %s', (password, fault) => {
    expect(passwordFault(password, ABOUT)).toBe(fault);
  });
});

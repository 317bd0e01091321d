import fc from 'fast-check';
import {
  isAppi,
  isBirthDate,
  isEmail,
  isName,
  searchKey,
  searchWords,
  tidyAppi,
  tidyName,
} from './person.js';

describe('names', () => {
  it('stay as typed but for stray spaces and the encoding of accents', () => {
    expect(tidyName('  de   La Tour-d’Auvergne ')).toBe('de La Tour-d’Auvergne');
    expect(tidyName('Ste\u0301phane')).toBe('Stéphane');
    expect(tidyName('McDONALD')).toBe('McDONALD');
  });

  it('have a letter, no control character and no half character', () => {
    for (const name of ['Ng', 'O', '李', 'أحمد', "N'Diaye", 'a'.repeat(100)]) expect(isName(name)).toBe(true);
    for (const name of ['', '-', '42', 'a'.repeat(101), 'Du\u0000pont', 'Du\u007fpont', 'Du\ud800pont'])
      expect(isName(name)).toBe(false);
  });

  it.each([
    ['Bœuf', 'Zoé', 'boeuf zoe'],
    ['Groß', 'Łukasz', 'gross lukasz'],
    ["d’Évêché-L'Île", 'Anne_Sophie', 'd eveche l ile anne sophie'],
    ['ØRSTED', 'İsmail', 'orsted ismail'],
    ['Nguyễn', 'Đặng', 'nguyen dang'],
  ])('%s %s is compared as %s', (last, first, key) => {
    expect(searchKey(last, first)).toBe(key);
  });

  it('are compared without regard to case, accents or their encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const words = searchWords(text);
        expect(searchWords(text.normalize('NFD'))).toEqual(words);
        expect(searchWords(words.join(' '))).toEqual(words);
        expect(words.every((word) => /^[\p{L}\p{N}]+$/u.test(word))).toBe(true);
      }),
    );
  });
});

it('reads APPI numbers', () => {
  expect(tidyAppi(' 2020 1234 5678 a')).toBe('202012345678A');
  for (const appi of ['200123456789', '201123456789B', '202123456789', '19912345', '20012345Z'])
    expect(isAppi(appi)).toBe(true);
  for (const appi of ['203123456789', '20112345', '2001234567', '200123456789AB', 'A20012345', '19912345\n'])
    expect(isAppi(appi)).toBe(false);
});

it('reads birth dates of those who are at least sixteen today', () => {
  const today = '2026-03-02';
  for (const date of ['2010-03-02', '1900-01-01', '1984-02-29']) expect(isBirthDate(date, today)).toBe(true);
  for (const date of ['2010-03-03', '1899-12-31', '1985-02-29', '2030-01-01', '12/03/1985', '1985-3-2', ''])
    expect(isBirthDate(date, today)).toBe(false);
});

it('reads e-mail addresses of the usual shape', () => {
  for (const email of ['a@b.fr', 'prenom.nom+x@sous.domaine.example']) expect(isEmail(email)).toBe(true);
  for (const email of [
    'a@b',
    'a b@c.fr',
    'a@b..',
    '@b.fr',
    'a@b.fr\nBcc: x@y.fr',
    `${'a'.repeat(250)}@b.fr`,
    'a@b.fr,c@d.fr',
  ])
    expect(isEmail(email)).toBe(false);
});

import fc from 'fast-check';
import { gsmCharacter, gsmLetters } from './gsm-letters.js';
import { smsLength } from './sms-length.js';

it.each([
  ['être à Noël, ça va où', 'etre à Noel, ca va où'],
  ['l’œuvre «d’août»…', 'l\'oeuvre "d\'aout"...'],
  ['Salı, Çarşamba, Perşembe', 'Sali, Çarsamba, Persembe'],
  ['marți, sâmbătă', 'marti, sambata'],
  ['quinta-feira, março, amanhã', 'quinta-feira, marco, amanha'],
  ['12 000 €', '12 000 €'],
  ['bon courage 😀', 'bon courage '],
])('%s becomes %s', (text, cheap) => {
  expect(gsmLetters(text)).toBe(cheap);
});

it('leaves nothing that costs, and changes nothing that does not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const cheap = gsmLetters(text);
      expect(smsLength(cheap).costlyCharacters).toEqual([]);
      expect(gsmLetters(cheap)).toBe(cheap);
      for (const one of smsLength(text).costlyCharacters) expect(gsmCharacter(one)).not.toBe(one);
    }),
  );
});

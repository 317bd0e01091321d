import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { smsLength } from './sms-length.js';

const lengths = (text: string) => {
  const { encoding, units, segments } = smsLength(text);
  return [encoding, units, segments];
};

describe('the length of a text message as billed', () => {
  it.each([
    ['', ['GSM-7', 0, 1]],
    ['a'.repeat(160), ['GSM-7', 160, 1]],
    ['a'.repeat(161), ['GSM-7', 161, 2]],
    ['a'.repeat(306), ['GSM-7', 306, 2]],
    ['a'.repeat(307), ['GSM-7', 307, 3]],
    ['€'.repeat(80), ['GSM-7', 160, 1]],
    ['€'.repeat(81), ['GSM-7', 162, 2]],
    // an escape pair does not fit in the 153rd place: 76 pairs a part
    ['€'.repeat(152), ['GSM-7', 304, 2]],
    ['€'.repeat(153), ['GSM-7', 306, 3]],
    ['é'.repeat(160), ['GSM-7', 160, 1]],
    ['ê'.repeat(70), ['UCS-2', 70, 1]],
    ['ê'.repeat(71), ['UCS-2', 71, 2]],
    ['ê'.repeat(134), ['UCS-2', 134, 2]],
    ['ê'.repeat(135), ['UCS-2', 135, 3]],
    ['😀'.repeat(35), ['UCS-2', 70, 1]],
    ['😀'.repeat(36), ['UCS-2', 72, 2]],
    // a surrogate pair does not fit in the 67th place: 33 pairs a part
    ['😀'.repeat(66), ['UCS-2', 132, 2]],
    ['😀'.repeat(67), ['UCS-2', 134, 3]],
    ['ligne 1\nligne 2\r\n', ['GSM-7', 17, 1]],
    ['\ud800', ['UCS-2', 1, 1]],
    ['\udc00a\ud800', ['UCS-2', 3, 1]],
  ])('%#: %j', (text, expected) => {
    expect(lengths(text)).toEqual(expected);
  });

  it('names each character that costs, once, in order, whole', () => {
    expect(smsLength('Vous êtes attendu, l’êté : 😀ç😀').costlyCharacters).toEqual(['ê', '’', '😀', 'ç']);
    expect(smsLength('Réunion à 9h00, Çà et là, 5 €').costlyCharacters).toEqual([]);
  });

  it('agrees with the calculator of the operator on any GSM 7-bit text', () => {
    const unit = fc.constantFrom(...'aZé@£Ç\n€{}[]~|^\\\f èù'.split(''));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 700 }), (text) => {
        const theirs = new SegmentedMessage(text);
        expect(lengths(text)).toEqual(['GSM-7', theirs.messageSize / 7, Math.max(1, theirs.segmentsCount)]);
      }),
    );
  });

  it('agrees with it on any text of single code points', () => {
    const unit = fc.constantFrom(...Array.from('aé€êç’…😀🦊Ω漢я '));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), (text) => {
        const theirs = new SegmentedMessage(text);
        expect(smsLength(text).encoding).toBe(theirs.encodingName);
        expect(smsLength(text).segments).toBe(Math.max(1, theirs.segmentsCount));
      }),
    );
  });

  it('survives lone surrogates and anything else', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const text = String.fromCharCode(...units);
        const { encoding, units: counted, costlyCharacters } = smsLength(text);
        expect(encoding === 'GSM-7').toBe(costlyCharacters.length === 0);
        if (encoding === 'UCS-2') expect(counted).toBe(text.length);
      }),
    );
  });
});

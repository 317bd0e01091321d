import fc from 'fast-check';
import { parsePhone } from './phone-number.js';

type Row = [input: string, hint: string | undefined, e164: string, territory: string, mobile: boolean];

const READ: readonly Row[] = [
  // French mobiles, however typed
  ['0612345678', undefined, '+33612345678', 'FR', true],
  ['06 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['06.12.34.56.78', undefined, '+33612345678', 'FR', true],
  ['06-12-34-56-78', undefined, '+33612345678', 'FR', true],
  ['06/12/34/56/78', undefined, '+33612345678', 'FR', true],
  ['06_12_34_56_78', undefined, '+33612345678', 'FR', true],
  ['06\u00a012\u202f34 56 78', undefined, '+33612345678', 'FR', true],
  ['\u202a06 12 34 56 78\u202c', undefined, '+33612345678', 'FR', true],
  ['06–12–34–56–78', undefined, '+33612345678', 'FR', true],
  ['０６１２３４５６７８', undefined, '+33612345678', 'FR', true],
  ['  0612345678\t', undefined, '+33612345678', 'FR', true],
  ['+33612345678', undefined, '+33612345678', 'FR', true],
  ['+33 6 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['+33 (0)6 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['+33(0) 6.12.34.56.78', undefined, '+33612345678', 'FR', true],
  ['(+33) 6 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['+33 06 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['0033612345678', undefined, '+33612345678', 'FR', true],
  ['00 33 6 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['0033 (0) 6 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['00 33 06 12 34 56 78', undefined, '+33612345678', 'FR', true],
  ['33612345678', undefined, '+33612345678', 'FR', true],
  ['612345678', undefined, '+33612345678', 'FR', true],
  ['tel:+33-6-12-34-56-78', undefined, '+33612345678', 'FR', true],
  ['07 45 12 34 56', undefined, '+33745123456', 'FR', true],
  ['+33745123456', undefined, '+33745123456', 'FR', true],
  // blocks that no table knows yet: the prefix and the length decide
  ['07 12 34 56 78', undefined, '+33712345678', 'FR', true],
  ['07 12 34 56 78', 'GF', '+33712345678', 'FR', true],
  ['+33 7 12 34 56 78', 'RE', '+33712345678', 'FR', true],
  ['33712345678', undefined, '+33712345678', 'FR', true],
  ['0639 12 34 56', undefined, '+262639123456', 'YT', true],
  ['0639 12 34 56', 'RE', '+262639123456', 'YT', true],
  ['+262 639 12 34 56', undefined, '+262639123456', 'YT', true],
  ['0691 12 34 56', undefined, '+590691123456', 'GP', true],
  ['0691 12 34 56', 'MF', '+590691123456', 'MF', true],
  ['0691 12 34 56', 'RE', '+590691123456', 'GP', true],
  ['691123456', undefined, '+590691123456', 'GP', true],
  // a mainland number stays one whatever the service
  ['06 12 34 56 78', 'GF', '+33612345678', 'FR', true],
  ['06 12 34 56 78', 'NC', '+33612345678', 'FR', true],
  ['07 45 12 34 56', 'RE', '+33745123456', 'FR', true],
  ['01 47 25 00 00', 'PF', '+33147250000', 'FR', false],
  // mainland landlines are contacts only
  ['01 47 25 00 00', undefined, '+33147250000', 'FR', false],
  ['+33 1 47 25 00 00', undefined, '+33147250000', 'FR', false],
  ['09 70 12 34 56', undefined, '+33970123456', 'FR', false],
  // overseas mobiles: the prefix decides
  ['0690 12 34 56', undefined, '+590690123456', 'GP', true],
  ['0690 12 34 56', 'FR', '+590690123456', 'GP', true],
  ['0690 12 34 56', 'RE', '+590690123456', 'GP', true],
  ['0691 22 34 56', undefined, '+590691223456', 'GP', true],
  ['0694 12 34 56', undefined, '+594694123456', 'GF', true],
  ['0694 12 34 56', 'MQ', '+594694123456', 'GF', true],
  ['0696 12 34 56', undefined, '+596696123456', 'MQ', true],
  ['0697 12 34 56', 'GP', '+596697123456', 'MQ', true],
  ['0692 12 34 56', undefined, '+262692123456', 'RE', true],
  ['0692 12 34 56', 'YT', '+262692123456', 'RE', true],
  ['0693 12 34 56', undefined, '+262693123456', 'RE', true],
  ['0639 01 23 45', undefined, '+262639012345', 'YT', true],
  ['0639 01 23 45', 'RE', '+262639012345', 'YT', true],
  ['694123456', undefined, '+594694123456', 'GF', true],
  ['+594 694 12 34 56', undefined, '+594694123456', 'GF', true],
  ['+594 (0)694 12 34 56', undefined, '+594694123456', 'GF', true],
  ['+594 0694 12 34 56', undefined, '+594694123456', 'GF', true],
  ['00 594 694 12 34 56', 'FR', '+594694123456', 'GF', true],
  ['00262 692 12 34 56', undefined, '+262692123456', 'RE', true],
  ['262692123456', undefined, '+262692123456', 'RE', true],
  ['+262 639 01 23 45', 'RE', '+262639012345', 'YT', true],
  // 0709 is shared out: it goes where it is valid
  ['0709 00 12 34', undefined, '+590709001234', 'GP', true],
  ['0709 10 12 34', undefined, '+596709101234', 'MQ', true],
  ['0709 20 12 34', 'GP', '+262709201234', 'RE', true],
  ['0709 30 12 34', undefined, '+594709301234', 'GF', true],
  ['0709 35 12 34', undefined, '+262709351234', 'YT', true],
  // shared codes: where the prefix serves several territories the hint decides
  ['0690 12 34 56', 'MF', '+590690123456', 'MF', true],
  ['+590 690 12 34 56', 'BL', '+590690123456', 'BL', true],
  ['0709 00 12 34', 'MF', '+590709001234', 'MF', true],
  ['0590 20 12 34', 'MF', '+590590201234', 'GP', false],
  ['0590 87 12 34', 'MF', '+590590871234', 'MF', false],
  // overseas landlines
  ['0590 20 12 34', undefined, '+590590201234', 'GP', false],
  ['0594 25 12 34', undefined, '+594594251234', 'GF', false],
  ['0596 60 12 34', undefined, '+596596601234', 'MQ', false],
  ['0262 20 12 34', undefined, '+262262201234', 'RE', false],
  ['0262 20 12 34', 'YT', '+262262201234', 'RE', false],
  ['0263 10 12 34', undefined, '+262263101234', 'RE', false],
  ['0269 61 12 34', undefined, '+262269611234', 'YT', false],
  // the Pacific and Saint-Pierre: code or hint
  ['+687 75 12 34', undefined, '+687751234', 'NC', true],
  ['75 12 34', 'NC', '+687751234', 'NC', true],
  ['00 687 75 12 34', 'FR', '+687751234', 'NC', true],
  ['27 12 34', 'NC', '+687271234', 'NC', false],
  ['+689 87 12 34 56', undefined, '+68987123456', 'PF', true],
  ['87 12 34 56', 'PF', '+68987123456', 'PF', true],
  ['40 41 12 34', 'PF', '+68940411234', 'PF', false],
  ['+508 55 12 34', undefined, '+508551234', 'PM', true],
  ['55 12 34', 'PM', '+508551234', 'PM', true],
  ['055 12 34', 'PM', '+508551234', 'PM', true],
  // 0708 is theirs, in nine digits, given out or not.
  ['0708 40 12 34', 'PM', '+508708401234', 'PM', true],
  ['0708 12 34 56', 'PM', '+508708123456', 'PM', true],
  ['+681 82 12 34', undefined, '+681821234', 'WF', true],
  ['82.12.34', 'WF', '+681821234', 'WF', true],
  ['0694 12 34 56', 'NC', '+594694123456', 'GF', true],
  // other countries by ISO code
  ['+32 470 12 34 56', undefined, '+32470123456', 'BE', true],
  ['0470 12 34 56', 'BE', '+32470123456', 'BE', true],
  ['+44 7400 123456', undefined, '+447400123456', 'GB', true],
  ['+1 201 555 0123', 'FR', '+12015550123', 'US', true],
  ['06 12 34 56 78', 'no such place', '+33612345678', 'FR', true],
  ['06 12 34 56 78', '', '+33612345678', 'FR', true],
  ['0690 12 34 56', 'mf', '+590690123456', 'MF', true],
];

const REFUSED: readonly [input: string, hint?: string][] = [
  ['0708 40 12 34'],
  ['0708 40 12 34', 'GP'],
  ['+33 708 40 12 34'],
  [''],
  ['   '],
  ['0'],
  ['+'],
  ['00'],
  ['12'],
  ['3615'],
  ['112'],
  ['abc'],
  ['06 12 34 56'],
  // its prefix is overseas, the number is not given out there: not a landline of the mainland either
  ['0263 20 12 34'],
  ['0263 20 12 34', 'RE'],
  ['06 12 34 56 7'],
  ['06 12 34 56 78 9'],
  ['06 12 34 56 7a'],
  ['06 12 34 56 78 poste 3'],
  ['0612345678 / 0698765432'],
  ['0000000000'],
  ['+33 0 0 0'],
  ['+++33612345678'],
  ['06 12 34 56 78\u0000'],
  ['+33 6'],
  ['＋'],
  ['🦊'],
  ['+33 7 00 12 34 56'],
  ['07 00 12 34 56'],
  // 0700 begins the numbers of machines, which have fourteen digits
  ['0700 12 34 56', 'GP'],
  // an overseas mobile under the mainland code
  ['+33 639 12 34 56'],
  ['+33 691 12 34 56'],
  ['+33 690 12 34 56'],
  ['+33 691 22 34 56'],
  ['+33 694 12 34 56'],
  ['+33 696 12 34 56'],
  ['+33 697 12 34 56'],
  ['+33 692 12 34 56'],
  ['+33 693 12 34 56'],
  ['+33 639 01 23 45'],
  ['+33 709 00 12 34'],
  ['0033 694 12 34 56', 'GF'],
  ['+33 (0)694 12 34 56', 'GF'],
  ['33694123456', 'GF'],
  // an overseas mobile under the code of another territory
  ['+596 694 12 34 56'],
  ['+590 692 12 34 56'],
  // the Pacific and Saint-Pierre without code or hint
  ['75 12 34'],
  ['87 12 34 56'],
  ['55 12 34'],
  ['82 12 34'],
  ['75 12 34', 'GF'],
  ['0709 99 12 34'],
  ['1'.repeat(1000)],
  ['0612345678'.repeat(100)],
];

describe('telephone numbers as people type them', () => {
  it.each(READ)('%s (hint %s) is %s', (input, hint, e164, territory, mobile) => {
    expect(parsePhone(input, hint)).toEqual({ valid: true, mobile, e164, territory });
  });

  it.each(REFUSED.map(([input, hint]) => ({ input, hint })))('$input is refused', ({ input, hint }) => {
    expect(parsePhone(input, hint)).toEqual({ valid: false, mobile: false, e164: null, territory: null });
  });

  it('survives any input and any hint', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.option(fc.string(), { nil: undefined }),
        (input, territory) => {
          const { valid, mobile, e164 } = parsePhone(input, territory);
          expect(e164 !== null).toBe(valid);
          expect(mobile && !valid).toBe(false);
        },
      ),
    );
  });

  it.each([null, undefined, 612345678, {}, ['0612345678']])('refuses %j, which is no text', (input) => {
    expect(parsePhone(input as string).valid).toBe(false);
  });

  const digits = (length: number) =>
    fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));
  const separator = fc.constantFrom('', ' ', '.', '-', '/', '\u00a0');
  const hint = fc.constantFrom('FR', 'GP', 'MF', 'MQ', 'GF', 'RE', 'YT', 'PM', 'NC', 'PF', 'WF');

  it.each([
    ['0690', '590', 'GP'],
    ['0691', '590', 'GP'],
    ['0694', '594', 'GF'],
    ['0696', '596', 'MQ'],
    ['0697', '596', 'MQ'],
    ['0692', '262', 'RE'],
    ['0693', '262', 'RE'],
    ['0639', '262', 'YT'],
  ])(
    'any number of ten digits in %s is a mobile under +%s, and under +33 none',
    (prefix, code, territory) => {
      fc.assert(
        fc.property(digits(6), separator, hint, (end, between, service) => {
          const e164 = `+${code}${prefix.slice(1)}${end}`;
          const where = code === '590' && service === 'MF' ? 'MF' : territory;
          const read = { valid: true, mobile: true, e164, territory: where };
          expect(parsePhone(`${prefix}${between}${end}`, service)).toEqual(read);
          expect(parsePhone(`+${code}${between}${prefix}${end}`, service)).toEqual(read);
          expect(parsePhone(`+33${between}${prefix.slice(1)}${end}`, service).valid).toBe(false);
          expect(parsePhone(`${prefix}${end}0`, service).valid).toBe(false);
        }),
      );
    },
  );

  it('any other number of ten digits in 06 or 07 is a mobile of the mainland', () => {
    const mainland = fc
      .tuple(fc.constantFrom('6', '7'), digits(8))
      .map((parts) => parts.join(''))
      .filter((number) => !/^(69[0-4]|69[67]|639|70[089])/.test(number));
    fc.assert(
      fc.property(mainland, separator, hint, (number, between, service) => {
        const read = { valid: true, mobile: true, e164: `+33${number}`, territory: 'FR' };
        expect(parsePhone(`0${number.slice(0, 3)}${between}${number.slice(3)}`, service)).toEqual(read);
        expect(parsePhone(`+33${between}${number}`, service)).toEqual(read);
      }),
    );
  });

  it('reads its own answer again, whatever the hint', () => {
    const spaced = fc
      .tuple(fc.constantFrom(...READ.map(([, , e164]) => e164)), separator)
      .map(([e164, between]) => e164.split('').join(between));
    fc.assert(
      fc.property(spaced, fc.constantFrom('FR', 'GP', 'RE', 'YT', 'NC', 'PF'), (typed, hint) => {
        expect(parsePhone(typed, hint).e164).toBe(typed.replace(/[^+\d]/g, ''));
      }),
    );
  });
});

import fc from 'fast-check';
import { REPLIES } from '../../../test/support/replies.js';
import { readReply, REPLY_INTENTS } from './reply-intent.js';

const TABLE = REPLY_INTENTS.flatMap((intent) => REPLIES[intent].map((text) => [text, intent] as const));

it('is a table of at least sixty French replies', () => {
  expect(TABLE.length).toBeGreaterThanOrEqual(60);
});

it.each(TABLE)('%j is read as %s', (text, intent) => {
  expect(readReply(text).intent).toBe(intent);
});

it.each(['mauvais numéro, STOP', 'stop, ce n’est pas moi'])(
  '%j stops, and says it is a wrong number',
  (text) => {
    expect(readReply(text)).toMatchObject({ intent: 'stop', saysWrongPerson: true });
  },
);

it.each([
  ['merci', true],
  ['Merci beaucoup, bonne journée', true],
  ['bonjour', true],
  ['merci de me rappeler', false],
  ['c’est où ?', false],
])('%j needs nobody: %s', (text, expected) => {
  expect(readReply(text).isCourtesy).toBe(expected);
});

describe('whatever is typed', () => {
  const words = fc.constantFrom(...TABLE.map(([text]) => text));

  it('never throws, and answers one of the six', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string()),
        (text) => {
          expect(REPLY_INTENTS).toContain(readReply(text).intent);
        },
      ),
    );
  });

  it('lets STOP win over anything it stands beside', () => {
    const stop = fc.constantFrom('STOP', 'stop', 'Stop', 'ARRÊT SMS', 'désabonner', 'arrêtez les sms');
    const between = fc.constantFrom('. ', '\n', ', ', ' ! ', ' ; ');
    fc.assert(
      fc.property(words, stop, between, fc.boolean(), (other, wish, gap, before) => {
        expect(readReply(before ? `${wish}${gap}${other}` : `${other}${gap}${wish}`).intent).toBe('stop');
      }),
      { numRuns: 2000 },
    );
  });

  it('does not hang on case, accents, or signs around the words', () => {
    const dress = fc.constantFrom(
      (text: string) => text.toUpperCase(),
      (text: string) => text.normalize('NFD'),
      (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text: string) => `  ${text}  `,
      (text: string) => `« ${text} »`,
      (text: string) => `${text} 😀`,
      (text: string) => text.replaceAll('’', "'"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...TABLE), dress, ([text, intent], dressed) => {
        expect(readReply(dressed(text)).intent).toBe(intent);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers at once, however long the text', () => {
    for (const unit of ['non ', 'arret ', 'je ne ', 'a pas ', 'merci ', 'stop-', 'plus de '])
      expect(REPLY_INTENTS).toContain(readReply(unit.repeat(50_000)).intent);
  });
});

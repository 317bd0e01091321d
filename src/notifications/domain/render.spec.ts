import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { MESSAGE_LANGUAGES } from '../../shared/message-languages.js';
import { renderTemplate, TemplateUnrenderable } from './render.js';
import { messageVariables, type RenderSource, TEMPLATE_VARIABLES } from './template-variables.js';

const SOURCE: RenderSource = {
  promise: { date: '2026-08-01', time: '09:00', timeZone: 'Europe/Paris' },
  now: Temporal.Instant.from('2026-07-31T07:00:00Z'),
  language: 'fr',
  place: {
    name: 'SPIP 92 Nanterre',
    address: '94 boulevard Kennedy, 92000 Nanterre',
    phone: '+33147250000',
    email: 'accueil@spip.example',
    contactMethod: 'phone',
    informationUrl: 'https://info.example/nanterre',
  },
  showsAddress: true,
  stopUrl: null,
};
const with_ = (place: Partial<RenderSource['place']>, more: Partial<RenderSource> = {}) =>
  messageVariables({ ...SOURCE, ...more, place: { ...SOURCE.place, ...place } });
const ALL = messageVariables(SOURCE);

describe('the text of a message', () => {
  it('says date, hour, place and contact', () => {
    const text = 'RDV {rdv.date} à {rdv.heure}, {lieu.nom}, {lieu.adresse}. {lieu.contact} {lieu.lien_info}';
    expect(renderTemplate(text, ALL)).toBe(
      'RDV samedi 1er aout 2026 à 9h00, SPIP 92 Nanterre, 94 boulevard Kennedy, 92000 Nanterre. 01 47 25 00 00 https://info.example/nanterre',
    );
  });

  it.each([
    ['100 % $& $1 $$ %s %(date)', '100 % $& $1 $$ %s %(date)'],
    ['{ rdv.heure } 😀', '9h00 😀'],
    ['{lieu.te\u0301le\u0301phone}', '01 47 25 00 00'],
    ['a\u00a0b\u202fc  d', 'a b c d'],
    ['ligne 1 \n ligne 2', 'ligne 1\nligne 2'],
  ])('%j renders as %j', (template, expected) => {
    expect(renderTemplate(template, ALL)).toBe(expected);
  });

  it.each([
    '',
    '   ',
    '\u200b',
    '\u2066 \u2069',
    '\u00ad\n\ufeff',
    '\u0301\u3164\u2800',
    '\u200b{stop}',
    '{stop}',
    '{nom}',
    '{}',
    '{personne.nom}',
    '{rdv.date',
    'rdv.date}',
    '{{rdv.date}}',
    '{constructor}',
  ])('refuses %j', (template) => {
    expect(() => renderTemplate(template, ALL)).toThrow(TemplateUnrenderable);
  });

  it('puts values in as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const plain = name
          .replace(/[^\S\n]+/g, ' ')
          .replace(/ *\n */g, '\n')
          .trim();
        fc.pre(plain !== '');
        expect(renderTemplate('<{lieu.nom}>', with_({ name }))).toBe(`<${plain}>`);
      }),
    );
    const name = '{rdv.date} $& % }{ ' + 'é'.repeat(500);
    expect(renderTemplate('<{lieu.nom}>', with_({ name }))).toBe(`<${name}>`);
  });

  it('renders any text whatever, or refuses it in one way', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('%', '%s', '{', '}', '$&', '$1', '😀', '\ud83d', '. ', ' : ', ', ', '\n', '\\'),
      fc.constantFrom(...TEMPLATE_VARIABLES.map((name) => `{${name}}`)),
    );
    const sources = [ALL, with_({ phone: null, email: null, informationUrl: null }, { showsAddress: false })];
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(...sources), (pieces, variables) => {
        try {
          const text = renderTemplate(pieces.join(''), variables);
          expect(text.trim()).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateUnrenderable);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['Visite à {rdv.heure}, {lieu.adresse}. Infos {lieu.lien_info}', 'Visite à 9h00.'],
    ['RDV {rdv.heure}. Question : {lieu.téléphone}', 'RDV 9h00.'],
    ["RDV {rdv.heure}. Merci d'appeler : {lieu.téléphone}.", 'RDV 9h00.'],
    ['RDV {rdv.heure}. Appelez le {lieu.téléphone} pour changer. A vous.', 'RDV 9h00. A vous.'],
    ['RDV à {rdv.heure} au {lieu.adresse}.', 'RDV à 9h00.'],
    ['RDV {rdv.heure}. Une question, un doute : {lieu.contact}', 'RDV 9h00.'],
    ['{lieu.contact} {lieu.lien_info} RDV', 'RDV'],
    ['RDV {rdv.heure}\nContact : {lieu.contact}\nMerci', 'RDV 9h00\nMerci'],
    ['Tel {lieu.téléphone}, mail {lieu.contact}. RDV', 'RDV'],
  ])('without telephone, address nor link, %j reads %j', (template, expected) => {
    const bare = with_({ phone: null, email: null, informationUrl: null }, { showsAddress: false });
    expect(renderTemplate(template, bare)).toBe(expected);
  });

  it('says tomorrow when it is, and today when the text leaves late', () => {
    const late = (now: string) => messageVariables({ ...SOURCE, now: Temporal.Instant.from(now) });
    const text = 'RAPPEL : RDV {rdv.quand}. Venez {rdv.jour}';
    expect(renderTemplate(text, ALL)).toBe(
      'RAPPEL : RDV demain samedi 1er aout à 9h00. Venez demain samedi 1er aout',
    );
    expect(renderTemplate(text, late('2026-08-01T05:00:00Z'))).toBe(
      "RAPPEL : RDV aujourd'hui à 9h00. Venez aujourd'hui",
    );
  });

  it('keeps what is written from left to right together in Arabic', () => {
    const arabic = messageVariables({ ...SOURCE, language: 'ar' });
    expect(renderTemplate('موعدك {rdv.quand}. {lieu.adresse}. {lieu.contact}', arabic)).toBe(
      'موعدك غدا 1/8 9:00. \u206694 boulevard Kennedy, 92000 Nanterre\u2069. 0147250000',
    );
    expect(renderTemplate('{lieu.nom}\nموعدك\n{lieu.adresse}\nتذكير {lieu.nom}', arabic)).toBe(
      'SPIP 92 Nanterre\nموعدك\n94 boulevard Kennedy, 92000 Nanterre\nتذكير \u2066SPIP 92 Nanterre\u2069',
    );
    const abroad = messageVariables({
      ...SOURCE,
      language: 'ar',
      place: { ...SOURCE.place, phone: '+689405009' },
    });
    expect(renderTemplate('موعدك\n{lieu.téléphone}', abroad)).toBe('موعدك\n\u2066+689405009\u2069');
  });

  it.each(MESSAGE_LANGUAGES.map(({ code }) => [code] as const))('knows every variable in %s', (language) => {
    const variables = messageVariables({ ...SOURCE, language, stopUrl: 'https://x.example/s/abc' });
    for (const name of TEMPLATE_VARIABLES) expect(renderTemplate(`{${name}}`, variables)).not.toBe('');
  });

  it('gives the preferred contact, the other when it is missing', () => {
    expect(with_({ contactMethod: 'email' })['lieu.contact']).toBe('accueil@spip.example');
    expect(with_({ contactMethod: 'email', email: null })['lieu.contact']).toBe('01 47 25 00 00');
    expect(with_({ phone: null })['lieu.contact']).toBe('accueil@spip.example');
  });

  it.each([
    ['+594594251234', '05 94 25 12 34'],
    ['+262262201234', '02 62 20 12 34'],
    ['+687271234', '+687271234'],
    ['01 47 25 00 00', '01 47 25 00 00'],
  ])('writes the telephone %s as %s', (phone, written) => {
    expect(with_({ phone })['lieu.téléphone']).toBe(written);
  });
});

import fc from 'fast-check';
import {
  messageVariables,
  renderTemplate,
  TemplateUnrenderable,
  withStopLink,
  type RenderSource,
} from './render.js';

const SOURCE: RenderSource = {
  promise: { date: '2026-08-01', time: '09:00' },
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
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const plain = name
          .replace(/[^\S\n]+/g, ' ')
          .replace(/ *\n */g, '\n')
          .trim();
        expect(renderTemplate('<{lieu.nom}>', with_({ name }))).toBe(`<${plain}>`);
      }),
    );
    const name = '{rdv.date} $& % }{ ' + 'é'.repeat(500);
    expect(renderTemplate('<{lieu.nom}>', with_({ name }))).toBe(`<${name}>`);
  });

  it('drops what is empty with the comma before it', () => {
    const away = with_({ informationUrl: null }, { showsAddress: false });
    expect(renderTemplate('Visite à {rdv.heure}, {lieu.adresse}. Infos {lieu.lien_info}', away)).toBe(
      'Visite à 9h00. Infos',
    );
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

  it.each([
    ['RDV demain.', 'RDV demain. Stop SMS : https://x.example/s/abc'],
    ['Contact : 01 47 25 00 00', 'Contact : 01 47 25 00 00. Stop SMS : https://x.example/s/abc'],
    ['Contact : a@b.example', 'Contact : a@b.example Stop SMS : https://x.example/s/abc'],
    ['Infos https://b.example/n', 'Infos https://b.example/n Stop SMS : https://x.example/s/abc'],
  ])('%s ends with the stop link, nothing after it', (text, whole) => {
    expect(withStopLink(text, 'https://x.example/s/abc')).toBe(whole);
  });
});

import { FRENCH } from '../../../migrations/texts/french-2.js';
import { DRAFTS } from '../../../migrations/texts/drafts.js';
import { languageOf } from '../../shared/message-languages.js';
import { discreetPlace, NotDiscreet, refuseJustice } from './discreet-place.js';

const ORDINARY = {
  name: 'Antenne de Boulogne',
  address: '12 rue des Lilas, 92100 Boulogne-Billancourt',
  phone: '+33147250000',
  email: 'accueil@antenne.example',
  contactMethod: 'phone',
  informationUrl: 'https://www.example.fr/venir',
} as const;
const BOTH = 'RDV {rdv.quand}, {lieu.nom}, {lieu.adresse}. {lieu.contact} {lieu.lien_info}';
const NAME = 'RDV {rdv.quand}, {lieu.nom}.';

const shown = (template: string, place: object, showsAddress = true) =>
  discreetPlace(template, { place: { ...ORDINARY, ...place }, language: 'fr', showsAddress });

describe('what a discreet text says of a place', () => {
  it('is all of it when nothing names justice', () => {
    expect(shown(BOTH, {})).toEqual(ORDINARY);
  });

  it.each(['SPIP 92 Nanterre', 'Tribunal judiciaire de Nanterre', 'Maison d’arrêt des Hauts-de-Seine'])(
    'is the address alone where the name is « %s »',
    (name) => {
      expect(shown(BOTH, { name })).toMatchObject({ name: '', address: ORDINARY.address });
      expect(shown(NAME, { name })).toMatchObject({ name: ORDINARY.address });
    },
  );

  it.each([
    ['Palais de justice, 3 rue des Lilas, 92000 Nanterre', '3 rue des Lilas, 92000 Nanterre'],
    ['SPIP des Hauts-de-Seine\n3 rue des Lilas\n92000 Nanterre', '3 rue des Lilas, 92000 Nanterre'],
  ])('is the street without the building: %s', (address, street) => {
    expect(shown(BOTH, { address }).address).toBe(street);
  });

  it.each([
    '3 place du Palais de Justice, 92000 Nanterre',
    'Palais de justice, 92000 Nanterre',
    'Tribunal de Nanterre',
    'SPIP, allée des Lilas',
  ])('is nothing, and the text does not leave, where no street is left: %s', (address) => {
    expect(() => shown(BOTH, { address })).toThrow(NotDiscreet);
    expect(() => shown(NAME, { name: 'SPIP 92', address })).toThrow(NotDiscreet);
  });

  it.each([
    '12 rue de Crimée, 75019 Paris',
    '8 rue Greffulhe, 75008 Paris',
    'Le Bourg, 2 route du Lac, 11250 Greffeil',
    '5 place des Prisonniers et Déportés, 59000 Lille',
    '3 rue des Anciens-Prisonniers, 57000 Metz',
    '1 place des Victimes de la Déportation, 69003 Lyon',
    '6 avenue des Cévennes, 34380 Viols-le-Fort',
    '7 rue Délitot, 51000 Reims',
    '4 rue du Bourg, 61470 Le Sap',
    '2 place de la Libération, 21000 Dijon',
    'Résidence Libération, 9 cours de la Libération, 33400 Talence',
    '741 chemin des Oliviers, 83000 Toulon',
    '31 rue Juge, 75015 Paris',
    '10 route du Vol-à-Voile, 05130 Tallard',
    '3 rue des Menuisiers, 19500 Jugeals-Nazareth',
    '1 place du Marché, 50570 La Chapelle-en-Juger',
    '18 boulevard Penalva, 64000 Pau',
    '4 mail des Victimes, 44000 Nantes',
    '2 pont des Prisonniers, 67000 Strasbourg',
    '6 passage de la Libération, 93000 Bobigny',
  ])('is all of an address of ordinary names: %s', (address) => {
    expect(shown(BOTH, { address }).address).toBe(address);
  });

  it.each([
    ['Palais de justice 92000 Nanterre, 3 rue des Lilas', '3 rue des Lilas'],
    ['SPIP 92, 3 rue des Lilas, 92000 Nanterre', '3 rue des Lilas, 92000 Nanterre'],
    ['3 rue des Lilas, Tribunal 92020 Nanterre Cedex 2', '3 rue des Lilas'],
    ['SPIP 2A, 3 rue des Lilas, 20000 Ajaccio', '3 rue des Lilas, 20000 Ajaccio'],
    ['SPIP 92, 3 bis, rue du 8 Mai 1945', '3 bis rue du 8 Mai 1945'],
    ['Tribunal, 12,rue des Lilas, 75000 Paris', '12 rue des Lilas, 75000 Paris'],
    ['Tribunal, 12 B , rue des Lilas', '12 B rue des Lilas'],
    ['Tribunal, 12-14,rue des Lilas', '12-14 rue des Lilas'],
    ['Tribunal\n12\nrue des Lilas', '12 rue des Lilas'],
  ])('loses no number of a house with a postcode or a department: %s', (address, street) => {
    expect(shown(BOTH, { address }).address).toBe(street);
  });

  it.each([
    '12 rue de la Justice, 75020 Paris',
    '12, place du Palais de Justice, 92000 Nanterre',
    '12 bis, rue de la Prison, 92000 Nanterre',
    '12 B, rue de la Prison, 92000 Nanterre',
    '12,rue de la Prison, 92000 Nanterre',
    '3 rue des Crimes, 75001 Paris',
    'Aide aux prisonniers, 92000 Nanterre',
    '3 square de la libération conditionnelle, 92000 Nanterre',
  ])('is nothing where the name of the street is the word itself: %s', (address) => {
    expect(() => shown(BOTH, { address })).toThrow(NotDiscreet);
  });

  it.each([
    'TJ 12, rue des Lilas, 75000 Paris',
    'TJ 12\nrue des Lilas\n75000 Paris',
    'TJ 12, rue du 8 Mai 1945, 75000 Paris',
    'SPIP 92, rue des Lilas, bâtiment 3, 75000 Paris',
    'SPIP 92, 3e étage, rue des Lilas, 75000 Paris',
  ])('is nothing where a department may be the number of the house: %s', (address) => {
    expect(() => shown(BOTH, { address })).toThrow(NotDiscreet);
  });

  it('needs no address where the text says none', () => {
    const address = '3 place du Palais de Justice, 92000 Nanterre';
    expect(shown('RDV {rdv.quand}. {lieu.contact}', { name: 'SPIP 92', address })).toMatchObject({
      address: '',
    });
    expect(shown(NAME, { address })).toMatchObject({ name: ORDINARY.name });
    expect(shown(BOTH, { name: 'SPIP 92', address }, false)).toMatchObject({ name: '', address: '' });
  });

  it('leaves out an e-mail address and a web page that name it', () => {
    const place = { email: 'spip-92@justice.fr', informationUrl: 'https://www.justice.gouv.fr/venir' };
    expect(shown(BOTH, place)).toEqual({ ...ORDINARY, email: null, informationUrl: null });
  });
});

describe('a template that names justice itself', () => {
  it('is refused with the word, whatever it was checked by when it was saved', () => {
    const refused = expect(() => refuseJustice('RDV au SPIP {rdv.quand}', 'fr'));
    refused.toThrow(NotDiscreet);
    refused.toThrow(expect.objectContaining({ word: 'SPIP' }));
  });

  it('is none of those sent by default', () => {
    const discreet = [...FRENCH, ...DRAFTS].filter(({ register }) => register === 'discreet');
    expect(discreet.length).toBeGreaterThan(20);
    for (const { text, language } of discreet)
      expect(() => refuseJustice(text, languageOf(language).code)).not.toThrow();
  });
});

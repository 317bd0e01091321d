import fc from 'fast-check';
import { FRENCH } from '../../../migrations/texts/french-2.js';
import { DRAFTS } from '../../../migrations/texts/drafts.js';
import { codes, lint, shown } from '../../../test/support/linted.js';
import { isLanguageCode, type LanguageCode } from '../../shared/message-languages.js';
import { lintNames } from './known-names.js';
import { nearestVariable } from './nearest-variable.js';
import { lintTemplate } from './template-linter.js';
import { TEMPLATE_VARIABLES } from './template-variables.js';

describe('what cannot be sent', () => {
  it.each([
    ['', 'empty', ''],
    ['  \n ', 'empty', '  \n '],
    ['\u200b', 'empty', '\u200b'],
    ['\u2066 \u2069', 'empty', '\u2066 \u2069'],
    ['\u00ad\ufeff', 'empty', '\u00ad\ufeff'],
    ['\u0301\u3164\u2800', 'empty', '\u0301\u3164\u2800'],
    ['RDV {nom}', 'unknown-variable', '{nom}'],
    ['RDV {}', 'unknown-variable', '{}'],
    ['RDV {rdv.date', 'brace-alone', '{'],
    ['RDV rdv.date}', 'brace-alone', '}'],
    ['RDV \u0000', 'unreadable', '\u0000'],
    ['RDV \ud83d', 'unreadable', '\ud83d'],
    ['RDV \u202e04 lirva', 'unreadable', '\u202e'],
    ['Bonjour M. Durand', 'person-name', 'M. Durand'],
    ['Bonjour Mme DUPONT-MARTIN,', 'person-name', 'Mme DUPONT-MARTIN'],
    ['Bonjour mademoiselle, Monsieur Ben Ali', 'person-name', 'Monsieur Ben'],
    ['mme Dupont attend', 'person-name', 'mme Dupont'],
    ['ou monsieur Martin', 'person-name', 'monsieur Martin'],
    ['MME DUPONT', 'person-name', 'MME DUPONT'],
    ['MONSIEUR DUPONT', 'person-name', 'MONSIEUR DUPONT'],
    ['M Dupont', 'person-name', 'M Dupont'],
    ['M.Dupont', 'person-name', 'M.Dupont'],
    ['m. dupont', 'person-name', 'm. dupont'],
    ['MmeDupont', 'person-name', 'MmeDupont'],
    ['M. LE GOFF', 'person-name', 'M. LE'],
    ['Mesdames Durand', 'person-name', 'Mesdames Durand'],
    ['Appelez le 06 12 34 56 78', 'personal-number', '06 12 34 56 78'],
    ['Appelez le +33612345678.', 'personal-number', '+33612345678'],
    ['APPI 202012345678A', 'personal-number', 'APPI 202012345678'],
    ['Dossier n° 4512', 'personal-number', 'Dossier n° 4512'],
    ['Ecrivez à jean.durand@exemple.fr vite', 'email', 'jean.durand@exemple.fr'],
    ['Vous, né le 12/03/1985', 'birth-date', 'né le'],
    ['Vous le 12.03.1985', 'birth-date', '12.03.1985'],
    ['Du 01-14/03/2026', 'birth-date', '14/03/2026'],
    ['Le 01/03/1985 14h', 'birth-date', '01/03/1985'],
    ['Rue du Port, le 8 mai 1945', 'birth-date', '8 mai 1945'],
    ['Appelez le 01.47.25.00', 'personal-number', '01.47.25.00'],
    ['Appelez le 06.12.34.56.78', 'personal-number', '06.12.34.56.78'],
    ['RDV le 14 avril à 9h', 'birth-date', '14 avril'],
    ['RDV demain', 'relative-word', 'demain'],
    ['RDV après-demain à 9h', 'relative-word', 'après-demain'],
    ['RDV aujourd’hui', 'relative-word', 'aujourd’hui'],
    ['Venez ce soir', 'relative-word', 'ce soir'],
    ['Plus : {lieu.lien_info}.', 'mark-after-link', '.'],
    ['Plus : https://exemple.fr/a. Merci', 'mark-after-link', '.'],
  ])('%j: %s', (text, code, at) => {
    const [first] = lint(text);
    expect({ code: first?.code, at: text.slice(first?.start, first?.end) }).toEqual({ code, at });
    expect(first?.blocks).toBe(true);
  });

  it.each([
    ['en', 'appointment tomorrow', 'tomorrow'],
    ['es', 'cita mañana', 'mañana'],
    ['pt', 'amanhã', 'amanhã'],
    ['ro', 'mâine', 'mâine'],
    ['tr', 'yarın randevu', 'yarın'],
    ['ar', 'موعدك غدا', 'غدا'],
  ] as const)('%s %j is false after an outage', (language, text, at) => {
    expect(lint(text, { language })).toMatchObject([{ code: 'relative-word', instead: '{rdv.quand}' }]);
    expect(shown(text, { language })).toEqual([at]);
  });

  it.each([
    '100 % gratuit, %s %d %(date) $& $1',
    'Bonjour 😀, à bientôt',
    'Madame, Monsieur, votre RDV',
    'Monsieur le directeur',
    'M. le juge, Madame la juge',
    'MADAME, MONSIEUR, VOTRE RDV',
    'POUR ME JOINDRE',
    'BONJOUR MONSIEUR VOTRE RDV EST MARDI',
    'MONSIEUR LE DIRECTEUR, MME LA JUGE',
    'Monsieur, Rendez-vous au bureau',
    'MERCREDI, MERCI DE VENIR. MARDI, MSA, DROIT',
    'A 200 m. Sonnez, ligne 12 M',
    'RDV {rdv.quand}, {lieu.nom}, {lieu.adresse}. {lieu.contact} {lieu.lien_info}',
    '18 rue des Cordiers, 92000 Nanterre',
    'Entrée par la rue du 8 mai 1945',
    'Arrêt Place du 11 Novembre 1918, puis avenue du 1er mai',
    'Venez 15 minutes avant 9h30',
  ])('%j can', (text) => {
    expect(codes(text)).toEqual([]);
  });

  it.each([
    '01 47 25 00 00',
    '01.47.25.00.00',
    '01-47-25-00-00',
    '01/47/25/00/00',
    '0147250000',
    '+33.1.47.25.00.00',
    '+33 1 47 25 00 00',
  ])('says the typed switchboard %s without refusing it', (phone) => {
    expect(lint(`Appelez le ${phone}`)).toMatchObject([
      { code: 'typed-contact', blocks: false, instead: '{lieu.téléphone}' },
    ]);
    expect(shown(`Appelez le ${phone} à midi`)).toEqual([phone]);
  });

  it('says that a reminder without a date tells nothing', () => {
    expect(lint('Présence obligatoire', { kind: 'reminder' })).toMatchObject([
      { code: 'says-not-when', blocks: false },
    ]);
  });
});

it.each([
  ['lieu.telephone', 'lieu.téléphone'],
  ['rdv.dat', 'rdv.date'],
  ['RDV.DATE', 'rdv.date'],
  ['date', 'rdv.date'],
  ['rdv heure', 'rdv.heure'],
  ['tel', 'lieu.téléphone'],
  ['xyzzy.plugh.long', undefined],
])('{%s} probably meant %s', (typed, meant) => {
  expect(nearestVariable(typed)).toBe(meant);
});

describe('names of persons the service follows', () => {
  const known = [
    { firstName: 'Élodie', lastName: "N'Diaye" },
    { firstName: 'Jean Marc', lastName: 'de la Tour' },
  ];
  it.each([
    ['RDV elodie ndiaye ou ELODIE N DIAYE demain', ['ELODIE N DIAYE']],
    ['Pour N’Diaye Élodie : RDV', ['N’Diaye Élodie']],
    ['Jean-Marc de la Tour', ['Jean-Marc de la Tour']],
    ['rue de la Tour', []],
    ['Élodie', []],
  ])('%j', (text, expected) => {
    expect(lintNames(text, known).map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });
});

describe('any text', () => {
  it('is judged without a fault, at places inside it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('%', '{', '}', '$&', '😀', '\ud83d', 'juge', 'demain', '06 12 34 56 78', '\u200b'),
      fc.constantFrom(...TEMPLATE_VARIABLES.map((name) => `{${name}}`)),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom('fr', 'ar', 'en'), (pieces, language) => {
        const text = pieces.join('');
        for (const { start, end } of lint(text, {
          register: 'discreet',
          language: language as LanguageCode,
        })) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('finds nothing to say of the texts we wrote', () => {
  const faulty = [...FRENCH, ...DRAFTS].flatMap((template) => {
    const language = isLanguageCode(template.language) ? template.language : 'fr';
    const found = lintTemplate({ ...template, language });
    return found.map(
      ({ code, start, end }) =>
        `${language} ${template.kind} ${code} ${template.text.slice(start, end)} | ${template.text}`,
    );
  });
  expect(faulty).toEqual([]);
});

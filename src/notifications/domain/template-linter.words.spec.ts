import { codes, lint, shown } from '../../../test/support/linted.js';

describe('the words of justice in the discreet register', () => {
  it.each([
    ...[
      'Le SPIP vous attend',
      'spip',
      'S.P.I.P.',
      'S P I P',
      's-p-i-p',
      'SP1P',
      'ЅPІP',
      'Votre JAP',
      'j.a.p',
    ],
    ...[
      'la justice',
      'JUSTICE',
      'jùstïce',
      'j u s t i c e',
      'jus-tice',
      'ju\u200bstice',
      'just1ce',
      'ju$tice',
    ],
    ...['le tribunal', 'TR1BUNAL', 'tri.bu.nal', 'au Tribunal-judiciaire', 'trib unal', 'tribunnal'],
    ...['le juge', 'les juges', 'jugement', 'j0ge puis juge', 'une magistrate', 'le greffe', 'la greffière'],
    ...[
      'votre peine',
      'condamné',
      'condamnation',
      'c0ndamn3',
      'probation',
      'votre bracelet',
      'un TIG',
      't.i.g.',
    ],
    ...[
      'sursis',
      'prison',
      'pris0n',
      'votre détention',
      'le parquet',
      'procureure',
      'audience',
      'votre avocat',
    ],
    ...[
      'contrôle judiciaire',
      'garde à vue',
      'stage de citoyenneté',
      "travail d'intérêt général",
      'DDSE',
      'ddse',
    ],
    ...[
      'main de justice',
      'milieu ouvert',
      'infraction',
      'délit',
      'violences',
      '#suivijustice',
      'casier judiciaire',
    ],
    ...[
      'convocation 741-1',
      'pénal',
      'libération conditionnelle',
      'semi-liberté',
      'CPIP',
      'écrou',
      'gendarmerie',
    ],
    ...[
      'SPIP92',
      'au TJ93',
      'JAP2',
      'ALIP de Sarcelles',
      "maison d'arrêt",
      'maison centrale',
      'commissariat',
    ],
    ...['votre procès', 'la plainte', 'FIJAIS', 'une amende', 'cour d appel', 'placement extérieur'],
  ])('refuses %j', (text) => {
    expect(codes(text, { register: 'discreet' })).toContain('penal-word');
  });

  it.each([
    ['en', 'You must go to court'],
    ['en', 'see the judge'],
    ['ar', 'موعد في المحكمة'],
    ['ar', 'وزارة العدالة'],
    ['pt', 'apresente-se ao juiz'],
    ['ro', 'la judecătorie'],
    ['tr', 'mahkemeye gelin'],
    ['es', 'acuda al juzgado'],
    ['tr', 'le tribunal'],
  ] as const)('refuses in %s %j', (language, text) => {
    expect(codes(text, { register: 'discreet', language })).toContain('penal-word');
  });

  it.each([
    'RDV à Japon plage',
    'Nous regrettons ce changement, prenez un vertige de temps',
    'Entretien à la mairie, salle violette, 2e étage',
    "Merci d'avoir prévenu. Un sapin, un capital, la majuscule",
    'Rendez-vous court avec votre contact',
    'Présence attendue. Apportez vos papiers, 3 photos, 100 % gratuit',
    'Accueil : sonnez à « B », puis montez',
    'Salle A12, porte 3B, bus 72, ligne T2, maison des associations, processus simple',
    'Un amendement au plan d’accès : la plaine du Lac',
  ])('lets %j pass', (text) => {
    expect(shown(text, { register: 'discreet' })).toEqual([]);
  });

  it.each([
    'Suivi probatoire',
    'placement probatoire',
    'injonction de soins',
    'assignation à résidence',
    'interdiction de paraître',
    'libération anticipée',
  ])('refuses the measure %j', (text) => {
    expect(codes(text, { register: 'discreet' })).toContain('penal-word');
  });

  it('points at the word', () => {
    expect(shown('Venez au tri\u200bbunal, 2e étage', { register: 'discreet' })).toEqual(['tri\u200bbunal']);
    expect(shown('RDV : S.P.I.P. de Nanterre', { register: 'discreet' })).toEqual(['S.P.I.P']);
  });

  it('does not let a variable say it either', () => {
    expect(lint('{lieu.nom} {lieu.contact} {lieu.lien_info}', { register: 'discreet' })).toMatchObject([
      { code: 'revealing-variable', instead: '{lieu.adresse}' },
      { code: 'revealing-variable', instead: '{lieu.téléphone}' },
      { code: 'revealing-variable', instead: '' },
    ]);
  });
});

describe('the standard register', () => {
  it.each([
    'SPIP : RDV',
    'JAP : audience',
    'Le tribunal, la justice',
    "Ce n'est pas la peine de venir",
    'avocat',
  ])('may say %j', (text) => {
    expect(codes(text)).toEqual([]);
  });

  it.each([
    'votre bracelet',
    'votre TIG',
    'DDSE',
    'après votre condamnation',
    'délit de fuite',
    'obligation de soins',
    'injonction de soins',
    'contrôle judiciaire',
    'aménagement de peine',
    'fin de votre peine',
    'mesure pénale',
    'suivi socio-judiciaire',
    'suivi probatoire',
    'placement extérieur',
    'assigné à résidence',
    'interdiction de paraître',
    'libération anticipée',
  ])('never names a measure nor an offence: %j', (text) => {
    expect(codes(text)).toEqual(['measure-word']);
  });
});

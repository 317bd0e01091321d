import { codes, shown } from '../../../test/support/linted.js';

describe('words of justice in all their forms', () => {
  it.each([
    'Dossiers pénaux',
    'une affaire pénale',
    'pénalement',
    'votre avocate',
    'les AVOCATES',
    'les policières',
    'polici\u00e8re',
    'pol1cière',
    'les policiers',
    'vous serez jugée',
    'pour vous juger',
    'jugés hier',
    'il jugera',
    "conseillers d'insertion",
    "Conseillères d'insertion",
    "conseiller(ère)s d'insertion",
    "cours d'assises",
    'cour d’assise',
    'aux assises',
    'a.s.s.i.s.e.s',
    'le prévenu',
    'les prevenues',
    'Votre libération',
    'L I B É R A T I O N',
    'date de liberation',
    'un contrevenant',
    'contreve nante',
    'coupables',
    'culpabilité',
    "l'huissier",
    'une huissière',
    'la comparution',
    'au parloir',
    'aide juridique',
  ])('refuses %j in the discreet register', (text) => {
    expect(codes(text, { register: 'discreet' })).toContain('penal-word');
  });

  it.each([
    'un vol',
    'des v.o.l.s',
    'V0L',
    'le voleur',
    'une agression',
    'agress ion',
    'agresseurs',
    'escroquerie',
    'un escroc',
    'harcèlement',
    'harceleuse',
    'des menaces',
    'drogue',
    'les drogués',
    'cannabis',
    'homicide',
    'outrage à agent',
    'recel',
    'receleuse',
    'agression sexuelle',
    'délits sexuels',
    'meurtre',
    'cambriolages',
    'coups et blessures',
    'une contravention',
    'sursitaires',
    'tigiste',
    'CSL',
    'au C.S.L.',
    'CSL92',
    'sous contrainte',
    'écroué',
    'délictuel',
  ])('refuses %j, a measure or an offence, in both registers', (text) => {
    expect(codes(text)).toContain('measure-word');
    expect(codes(text, { register: 'discreet' })).toContain('penal-word');
  });

  it.each([
    ['es', 'la policía'],
    ['pt', 'a polícia'],
    ['ro', 'la poliție'],
    ['ro', 'conform legea'],
    ['ro', 'legii'],
    ['tr', 'polise gidin'],
    ['tr', 'avukatınız'],
    ['tr', 'adliyeye gelin'],
    ['tr', 'SUÇLU'],
    ['tr', 'yargıç'],
    ['en', 'your attorneys'],
    ['en', 'in custody'],
    ['en', 'a felony'],
    ['en', 'found guilty'],
    ['ar', 'وزارة العدل'],
    ['ar', 'للعدل'],
    ['ar', 'أنت متهم'],
    ['ar', 'المتهمة'],
    ['ar', 'صدر الحكم'],
    ['ar', 'الأحكام'],
    ['ar', 'جناية'],
    ['ar', 'القانون الجنائي'],
    ['ar', 'الحبس'],
  ] as const)('refuses in %s %j', (language, text) => {
    expect(codes(text, { register: 'discreet', language })).toContain('penal-word');
  });

  it.each([
    "Merci d'avoir prévenu, vous serez prévenus",
    'Vol à voile, volet, volume, voler un peu',
    "À vol d'oiseau, 2 km",
    'Les places assises, restez assis, une assise large',
    'Droguerie, herboristerie',
    'Porte V01, salle L01, bâtiment A5',
    '3 place de la Libération, 21000 Dijon',
    'av. de la Liberation',
    'Un créneau libéré, la libération d’un créneau',
    'Discriminations : appelez le 39 28',
    'sous réserve d’approbation, sans réprobation',
    'Une API, une pomme d’api',
    'Un penalty',
    'Un comportement agressif, un plan outrancier',
    'Association loi 1901',
  ])('lets the ordinary words %j pass', (text) => {
    expect(shown(text, { register: 'discreet' })).toEqual([]);
  });

  it.each([
    ['ar', 'خدمتهم صباحكم بحكمة تعديل معدل الحكومة'],
    ['tr', 'Cezayir, hakikat'],
    ['ro', 'politica, alege'],
  ] as const)('lets the ordinary words of %s pass: %j', (language, text) => {
    expect(shown(text, { register: 'discreet', language })).toEqual([]);
  });
});

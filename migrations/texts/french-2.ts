import { type Kind, type Register, sentences, type TemplateRow } from './rows.js';

/**
 * What differs from one type to another. No text names a person, an offence or a measure, and every sign is in
 * the GSM 7-bit alphabet: no circumflex, no cedilla, straight apostrophes.
 */
interface Wording {
  /** Who summons: the first word. None in the discreet register. */
  readonly who?: string;
  /** What the person comes to. Default: a RDV. */
  readonly what?: string;
  /** Where, with what comes before. Default: the place and its address. */
  readonly where?: string;
  /** What to bring or do. */
  readonly bring?: string;
  /** Where there is room: thinking of the way beforehand is what helps most. */
  readonly plan?: string;
  /** What is expected of the person. */
  readonly expected?: string;
  readonly afterCancelling?: string;
  readonly afterAbsence?: string;
}

type Texts = Readonly<Record<Kind, string>>;

const WHEN = '{rdv.date} à {rdv.heure}';
const SOON = '{rdv.quand}';
const FEMININE = /^(audience|visite|session|séance)/;

const AT_PLACE = ', {lieu.nom}, {lieu.adresse}.';
const AS_TOLD = ', au lieu qui vous a été indiqué.';
const ON_PAPER = '. Sur place ou en visio : lisez votre convocation papier.';
const MANDATORY = 'Présence obligatoire.';
const ID = "Apportez une pièce d'identité.";
const ID_AND_PROOFS = "Apportez une pièce d'identité et vos justificatifs.";
const PLAN = 'Prévoyez votre trajet.';
const STAY = 'Ne vous déplacez pas.';
const NEW_DATE_FOLLOWS = `${STAY} Vous recevrez une nouvelle date.`;
const CALL_FOR_MORE = `${STAY} Demandez la suite par téléphone.`;

const JUDGE = { who: 'JAP', bring: ID_AND_PROOFS } as const;
const SPIP = { who: 'SPIP', bring: ID, plan: PLAN } as const;

const STANDARD: Readonly<Record<string, Wording>> = {
  'sortie-audience-sap': { ...JUDGE, afterCancelling: NEW_DATE_FOLLOWS },
  'sortie-audience-spip': SPIP,
  'sap-ddse': JUDGE,
  'suivi-jap': { ...JUDGE, afterCancelling: CALL_FOR_MORE },
  'debat-contradictoire': {
    ...{ who: 'JAP', what: 'audience', bring: ID },
    afterAbsence: 'Pour toute question, contactez-nous',
  },
  'convocation-japat': { who: 'JAPAT', where: ON_PAPER, afterCancelling: CALL_FOR_MORE },
  'premiere-convocation-spip': { ...SPIP, what: 'premier RDV' },
  'suivi-spip': SPIP,
  'convocation-741-1': SPIP,
  'placement-tig-tnr': { who: 'SPIP', where: AS_TOLD, bring: 'Allez-y directement.', plan: PLAN },
  'visite-domicile': {
    ...{ who: 'SPIP', what: 'visite à domicile', where: '.', bring: 'Restez joignable.' },
    afterCancelling: NEW_DATE_FOLLOWS.replace(`${STAY} `, ''),
  },
  'rdv-telephonique': {
    ...{ who: 'SPIP', what: 'RDV par téléphone', where: `. ${STAY}`, expected: 'Réponse obligatoire.' },
    ...{
      bring: 'Gardez votre téléphone avec vous.',
      afterCancelling: NEW_DATE_FOLLOWS.replace(`${STAY} `, ''),
    },
  },
  'convocation-ddse': SPIP,
  'convocation-stage': { ...SPIP, what: 'session', where: AS_TOLD },
  'rappel-spip': { ...SPIP, afterAbsence: 'Votre présence est obligatoire. Contactez-nous vite' },
  'action-collective': { who: 'SPIP', what: 'séance de groupe', plan: PLAN },
};

/** For a telephone that others read: neither the service, nor the name of the place, nor its e-mail address. */
const DISCREET_PLACE = ', {lieu.adresse}.';
const DISCREET: readonly (readonly [typeCode: string | null, wording: Wording])[] = [
  [null, { bring: "Merci de venir avec une pièce d'identité." }],
  ['convocation-japat', { where: '. Sur place ou en visio : lisez votre courrier.' }],
  ['placement-tig-tnr', { where: AS_TOLD, bring: 'Allez-y directement.' }],
  ['convocation-stage', { where: AS_TOLD }],
  ['visite-domicile', { what: 'visite à domicile', where: '.', bring: 'Restez joignable.' }],
  [
    'rdv-telephonique',
    {
      what: 'RDV par téléphone',
      where: '.',
      bring: 'Gardez votre téléphone avec vous.',
      expected: 'On vous appellera.',
    },
  ],
];

/** Second version of the texts sent by default: the reminder says the day in words that are true when it leaves. */
export const FRENCH: readonly TemplateRow[] = [
  ...Object.entries(STANDARD).flatMap(([typeCode, wording]) => rows(typeCode, 'standard', standard(wording))),
  ...DISCREET.flatMap(([typeCode, wording]) => rows(typeCode, 'discreet', discreet(wording))),
];

function standard(wording: Wording): Texts {
  const { who, what = 'RDV', where = AT_PLACE, bring, plan, expected = MANDATORY } = wording;
  const { afterCancelling = STAY, afterAbsence = 'Contactez-nous vite pour une nouvelle date' } = wording;
  const [cancelled, moved] = FEMININE.test(what) ? ['annulée', 'déplacée'] : ['annulé', 'déplacé'];
  // A reminder fits one part with an ordinary address: it says no more than this.
  const reminded = where === AT_PLACE ? '' : `${what} `;
  const ask = 'Un problème : {lieu.contact}';
  return {
    summons: sentences(`${who} : ${what} le ${WHEN}${where}`, bring, expected, plan, ask),
    reminder: sentences(`RAPPEL ${who} : ${reminded}${SOON}${where}`, expected, 'Info {lieu.contact}'),
    cancellation: sentences(
      `${who} : votre ${what} du ${WHEN} est ${cancelled}.`,
      afterCancelling,
      'Contact : {lieu.contact}',
    ),
    rescheduling: sentences(`${who} : votre ${what} est ${moved} au ${WHEN}${where}`, bring, expected, ask),
    'after-absence': `${who} : vous avez manqué votre ${what} du ${WHEN}. ${afterAbsence} : {lieu.contact}`,
  };
}

function discreet(wording: Wording): Texts {
  const { what = 'RDV', where = DISCREET_PLACE, bring, expected = 'Votre présence est attendue.' } = wording;
  const [cancelled, missed, moved] = FEMININE.test(what)
    ? ['annulée', 'manquée', 'déplacée']
    : ['annulé', 'manqué', 'déplacé'];
  const ask = 'Question : {lieu.téléphone}';
  return {
    summons: sentences(`${what} le ${WHEN}${where}`.replace(/^./, capital), bring, expected, ask),
    reminder: sentences(`RAPPEL : ${what} ${SOON}${where}`, expected, ask),
    cancellation: sentences(`Votre ${what} du ${WHEN} est ${cancelled}.`, ask),
    rescheduling: sentences(`Votre ${what} est ${moved} au ${WHEN}${where}`, expected, ask),
    'after-absence': `Votre ${what} du ${WHEN} a été ${missed}. Merci d'appeler : {lieu.téléphone}`,
  };
}

function rows(typeCode: string | null, register: Register, texts: Texts): TemplateRow[] {
  return (Object.keys(texts) as Kind[]).map((kind) => ({
    ...{ kind, typeCode, register },
    language: 'fr',
    text: texts[kind],
  }));
}

function capital(letter: string): string {
  return letter.toUpperCase();
}

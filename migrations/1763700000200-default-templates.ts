import type { MigrationInterface, QueryRunner } from 'typeorm';

type Kind = 'summons' | 'reminder' | 'cancellation' | 'rescheduling' | 'after-absence';
type Texts = Readonly<Record<Kind, string>>;

export interface DefaultTemplate {
  readonly kind: Kind;
  /** Null: every type that has no text of its own in this register. */
  readonly typeCode: string | null;
  readonly register: 'standard' | 'discreet';
  readonly text: string;
}

/**
 * What differs from one type to another. No text names a person, an offence or a measure, and every sign is in
 * the GSM 7-bit alphabet: no circumflex, no cedilla, straight apostrophes.
 */
interface Wording {
  /** Who summons: the first word. */
  readonly who: string;
  /** What the person comes to. Default: a RDV. */
  readonly what?: string;
  /** Where, with what comes before. Default: the place and its address. */
  readonly where?: string;
  /** What to bring or do. */
  readonly bring?: string;
  /** Default: presence is mandatory. */
  readonly mandatory?: string;
  readonly afterCancelling?: string;
  readonly afterAbsence?: string;
}

const WHEN = '{rdv.date} à {rdv.heure}';
const CONTACT = 'Contact : {lieu.contact}';
const SHORT_CONTACT = 'Contact {lieu.contact}';
const FEMININE = /^(audience|visite|session|séance)/;
const AT_PLACE = ', {lieu.nom}, {lieu.adresse}.';
const AS_TOLD = ', au lieu qui vous a été indiqué.';
const MANDATORY = 'Présence obligatoire.';
const ID = "Apportez une pièce d'identité.";
const ID_AND_PROOFS = "Apportez une pièce d'identité et vos justificatifs.";
const NEW_DATE_FOLLOWS = 'Vous recevrez une nouvelle date.';

const STANDARD: Readonly<Record<string, Wording>> = {
  'sortie-audience-sap': { who: 'JAP', bring: ID_AND_PROOFS, afterCancelling: NEW_DATE_FOLLOWS },
  'sortie-audience-spip': { who: 'SPIP', bring: ID },
  'sap-ddse': { who: 'JAP', bring: ID_AND_PROOFS },
  'suivi-jap': { who: 'JAP', bring: ID_AND_PROOFS, afterCancelling: 'Demandez la suite par téléphone.' },
  'debat-contradictoire': {
    who: 'JAP',
    what: 'audience',
    bring: ID,
    afterAbsence: 'Pour toute question, contactez-nous.',
  },
  'convocation-japat': {
    who: 'JAPAT',
    where: '. Sur place ou en visio : lisez votre convocation papier.',
    afterCancelling: 'Demandez la suite par téléphone.',
  },
  'premiere-convocation-spip': { who: 'SPIP', what: 'premier RDV', bring: ID },
  'suivi-spip': { who: 'SPIP', bring: ID },
  'convocation-741-1': { who: 'SPIP', bring: ID },
  'placement-tig-tnr': { who: 'SPIP', where: AS_TOLD, bring: 'Allez-y directement.' },
  'visite-domicile': { who: 'SPIP', what: 'visite à domicile', where: '.', bring: 'Restez joignable.' },
  'rdv-telephonique': {
    who: 'SPIP',
    what: 'RDV par téléphone',
    where: '. Ne vous déplacez pas.',
    bring: 'Gardez votre téléphone avec vous.',
    mandatory: 'Réponse obligatoire.',
  },
  'convocation-ddse': { who: 'SPIP', bring: ID },
  'convocation-stage': { who: 'SPIP', what: 'session', where: AS_TOLD, bring: ID },
  'rappel-spip': {
    who: 'SPIP',
    bring: ID,
    afterAbsence: 'Votre présence est obligatoire. Contactez-nous vite.',
  },
  'action-collective': { who: 'SPIP', what: 'séance de groupe' },
};

function standardTexts(wording: Wording): Texts {
  const { who, what = 'RDV', where = AT_PLACE, bring, mandatory = MANDATORY, afterCancelling } = wording;
  const { afterAbsence = 'Contactez-nous vite pour avoir une nouvelle date.' } = wording;
  const [cancelled, moved] = FEMININE.test(what) ? ['annulée', 'déplacée'] : ['annulé', 'déplacé'];
  // A reminder fits one part with an ordinary address: it says no more than this.
  const reminded = where === AT_PLACE ? '' : `${what} `;
  return {
    summons: sentences(`${who} : ${what} le ${WHEN}${where}`, bring, mandatory, CONTACT),
    reminder: sentences(`RAPPEL ${who} : ${reminded}${WHEN}${where}`, mandatory, SHORT_CONTACT),
    cancellation: sentences(`${who} : votre ${what} du ${WHEN} est ${cancelled}.`, afterCancelling, CONTACT),
    rescheduling: sentences(
      `${who} : votre ${what} est ${moved} au ${WHEN}${where}`,
      bring,
      mandatory,
      SHORT_CONTACT,
    ),
    'after-absence': sentences(`${who} : vous avez manqué votre ${what} du ${WHEN}.`, afterAbsence, CONTACT),
  };
}

/** For a telephone that others read: neither the service, nor the name of the place, nor its e-mail address. */
const DISCREET: Texts = {
  summons: `RDV le ${WHEN}, {lieu.adresse}. Merci de venir avec une pièce d'identité. Question : {lieu.téléphone}`,
  reminder: `RAPPEL : RDV ${WHEN}, {lieu.adresse}. Votre présence est attendue. Question : {lieu.téléphone}`,
  cancellation: `Votre RDV du ${WHEN} est annulé. Question : {lieu.téléphone}`,
  rescheduling: `Votre RDV change de date : ${WHEN}, {lieu.adresse}. Question : {lieu.téléphone}`,
  'after-absence': `Votre RDV du ${WHEN} a été manqué. Merci d'appeler : {lieu.téléphone}`,
};

export const DEFAULT_TEMPLATES: readonly DefaultTemplate[] = [
  ...Object.entries(STANDARD).flatMap(([typeCode, wording]) =>
    rows(typeCode, 'standard', standardTexts(wording)),
  ),
  ...rows(null, 'discreet', DISCREET),
];

/** The texts of the 16 types and those of the discreet register, as data. Undo: removes them. */
export class DefaultTemplates1763700000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const { kind, typeCode, register, text } of DEFAULT_TEMPLATES)
      await q.query('INSERT INTO template (kind, type_code, register, text) VALUES ($1, $2, $3, $4)', [
        kind,
        typeCode,
        register,
        text,
      ]);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DELETE FROM template WHERE organization_id IS NULL AND created_by_agent_id IS NULL');
  }
}

function rows(typeCode: string | null, register: 'standard' | 'discreet', texts: Texts): DefaultTemplate[] {
  return (Object.keys(texts) as Kind[]).map((kind) => ({ kind, typeCode, register, text: texts[kind] }));
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

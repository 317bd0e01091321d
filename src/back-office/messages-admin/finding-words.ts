import type { Finding, FindingCode } from '../../notifications/domain/template-finding.js';

/** Why, and what to do; the word itself stands before. */
const SENTENCES: Readonly<Record<FindingCode, string>> = {
  'unknown-variable': 'cette variable n’existe pas. Prenez-en une de la liste.',
  'brace-alone': 'cette accolade est seule. Une variable s’écrit entre deux accolades\u00a0: {rdv.quand}.',
  empty: 'le texte est vide.',
  unreadable: 'ce signe ne se lit pas sur un téléphone. Effacez-le.',
  'penal-word':
    'ce mot dit que la justice écrit\u00a0; le registre discret sert aux téléphones que d’autres lisent.',
  'revealing-variable':
    'cette variable peut nommer le service\u00a0; elle n’a pas sa place dans le registre discret.',
  'measure-word': 'un texte ne nomme jamais une mesure ni une infraction.',
  'person-name':
    'un texte ne nomme jamais une personne. Écrivez «\u00a0votre conseiller\u00a0», «\u00a0le service\u00a0».',
  'personal-number': 'ce numéro peut désigner une personne. Ce texte part à tout le monde.',
  email:
    'une adresse écrite à la main part à tout le monde. Prenez {lieu.contact}, tenue à jour avec le lieu.',
  'birth-date': 'une date écrite à la main est la même pour tout le monde. Prenez {rdv.date} ou {rdv.quand}.',
  'relative-word':
    'ce mot devient faux si le texte part en retard. {rdv.quand} dit «\u00a0demain\u00a0» ou «\u00a0aujourd’hui\u00a0» quand c’est vrai.',
  'mark-after-link': 'certains téléphones prennent ce signe dans le lien. Laissez un espace, ou rien.',
  'typed-contact':
    'un numéro écrit à la main ne suit pas le lieu. {lieu.téléphone} est tenu à jour avec lui.',
  'says-not-when': 'ce texte ne dit pas quand. Ajoutez {rdv.quand}.',
};

/** « demain » (caractère 12) : … */
export function findingSentence(finding: Finding, text: string): string {
  const word = text.slice(finding.start, finding.end).trim();
  const sentence = SENTENCES[finding.code];
  if (word === '') return sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return `«\u00a0${word}\u00a0», caractère ${finding.start + 1}\u00a0: ${sentence}`;
}

/** What the button that mends it says; null: nothing can be proposed. */
export function mendingWords({ instead }: Finding): string | null {
  if (instead === null) return null;
  return instead.trim() === '' ? 'Enlever' : `Remplacer par ${instead}`;
}

/** The text with what the finding proposes. */
export function mended(text: string, { start, end, instead }: Finding): string {
  return instead === null ? text : `${text.slice(0, start)}${instead}${text.slice(end)}`;
}

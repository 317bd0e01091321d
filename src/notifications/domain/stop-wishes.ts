import { saysInAnotherLanguage } from './foreign-replies.js';

/** Names of our texts, and politeness that may stand around a wish: pieces of expressions over plain text. */
const TEXTS = '(?:sms|texto|textos|messages?|msgs?|mess|mails?|rappels?|notifications?|notifs?|envois?)';
const POLITE =
  '(?:svp|stp|merci|s il (?:vous|te) plait|please|maintenant|tout|immediatement|bonjour|bonsoir)';
/** « Arrêt », with the letters that thumbs double or forget. */
const ARREST = 'arr?ett?';
/** Politeness and texts that thumbs glue to the word: « STOPmerci ». */
const GLUED = `(?:${TEXTS}|merci|svp|stp|please|tout|all|ca)`;

/** The word and how thumbs miss it, by language; wherever it stands, it stops. */
const STOP_WORDS = {
  any: [
    's+t+[o0]+p+s?',
    'sotp',
    'stpo',
    'tsop',
    's t o p',
    `stop(?:\\d+|${GLUED}{1,2})`,
    `${GLUED}{1,2}stop`,
    'opt ?out',
  ],
  fr: ['stopp?(?:e|es|ee|er|ez)', 'arretsms', 'de[sz]{1,2}ab{1,2}on\\p{L}*', 'de[sz]{1,2}inscri\\p{L}*'],
  en: ['unsubscri\\p{L}*'],
} as const;

/** Words that stop when nothing but politeness stands around them, by language. */
const ALONE = {
  fr: [`${ARREST}(?:e|er|es|ez)?`, 'fin', 'quitter', 'resilier'],
  en: ['cancel', 'end', 'quit'],
} as const;

/** What somebody who wants no end says, by language; it goes before wishes are looked for. */
const CONTRARY = {
  fr: [
    'stopp?(?:e|es|er|ez)?',
    `${ARREST}(?:e|er|es|ez)`,
    'annul(?:er|ez)',
    'coup(?:er|ez)',
    'bloqu(?:er|ez)',
    'cess(?:e|es|er|ez)',
  ],
  en: ['stop'],
} as const;
/** Of an act that is not wanted, or of what must not be missed: « je veux pas rater vos SMS ». */
const INFINITIVE = `(?:stopp?er|${ARREST}er|(?:me |m )?de[sz]{1,2}ab{1,2}onn?er|(?:me |m )?desinscrire|annuler|supprimer|couper|bloquer|refuser|rater|louper|manquer|perdre)`;

/** « Je veux », and how thumbs miss it. */
const WANT = '(?:veux?|veus|veut|vx|voudrais|souhaite|desire)';

/** Who stopped: without one of them, « à stoppé » is an order that is misspelt. */
const SOMEBODY =
  '(?:j|je|tu|il|elle|on|ils|elles|qui|m|l|bus|car|train|tram|metro|rer|taxi|voiture|camion|moto|conducteur|chauffeur|controleur|police|gendarmes?)';
/** Beside one of these, what was stopped may be what the reply wants stopped. */
const ABOUT_TEXTS = `\\b(?:${TEXTS}|numeros?|num|tel|telephone|abonnement|alertes?|relances?|recevoir|envoyer|svp|stp|s il (?:vous|te) plait|please)\\b`;

const oneOf = (words: readonly string[]) => `(?:${words.join('|')})`;
const CONTRARY_FR = oneOf(CONTRARY.fr);

const NOT_TO_STOP: readonly RegExp[] = [
  // « Ne stoppez pas », « n’arrêtez surtout pas », « ne m’arrêtez jamais ».
  new RegExp(`\\bne? (?:\\p{L}+ )?${CONTRARY_FR} (?:surtout )?(?:pas|jamais|rien|surtout)\\b`, 'gu'),
  // « Ne pas stopper ».
  new RegExp(`\\bne (?:surtout )?(?:pas|jamais) (?:\\p{L}{2,3} )?${CONTRARY_FR}\\b`, 'gu'),
  // « Arrêtez pas les SMS », never « arrêtez pas de SMS ».
  new RegExp(`\\b(?:stopp?ez|${ARREST}ez?) (?:surtout )?pas(?! (?:de |d )?${TEXTS})\\b`, 'gu'),
  // « Je veux pas arrêter », « faut surtout pas stopper »; never « je peux pas arrêter ».
  new RegExp(
    `\\bj?(?:${WANT}|faut|faudrait|voulais) (?:surtout )?pas (?:les |de |d )?${INFINITIVE}\\b`,
    'gu',
  ),
  new RegExp(`\\bpas (?:besoin|envie|la peine|question) (?:de |d )${INFINITIVE}\\b`, 'gu'),
  // « Je veux pas que vous arrêtiez ».
  new RegExp(`\\bpas que (?:\\p{L}+ ){1,5}?(?:${ARREST}|stopp?)\\p{L}*`, 'gu'),
  new RegExp(`\\bpas (?:dit|demande|ecrit|envoye|voulu|mis) (?:a |de |d )?(?:stop|${ARREST})\\p{L}*`, 'gu'),
  // « J’ai arrêté de recevoir vos SMS », never « SMS à arrêter ».
  new RegExp(
    `(?<!\\b${TEXTS} )\\b(?:ai|a|as|avez|ont|est|suis|ete|fait) (?:pas )?${ARREST}(?:e|ee|es|er|ez)\\b`,
    'gu',
  ),
  // « J’ai stoppé ma voiture »; « vos SMS à stoppé », « j’ai stoppé » ask for it.
  new RegExp(
    `\\b(?!j ai stopp?er?$)(?:${SOMEBODY} (?:ai|a|as|avait|ont|est|suis)|vous avez) (?:(?:ete |fait )?stopp?(?:e|es|ee|ees)|(?<=ai )stopp?er|fait stopp?er)\\b(?!.*${ABOUT_TEXTS})(?<!${ABOUT_TEXTS}.*)`,
    'gu',
  ),
  new RegExp(`\\b${ARREST} (?:maladie|de travail|de bus|du bus|de tram|de metro|cardiaque)\\b`, 'gu'),
  new RegExp(`\\b(?:do not|don t|dont|never) ${oneOf(CONTRARY.en)}\\b`, 'gu'),
];

const STOP_WISHES: readonly RegExp[] = [
  new RegExp(`\\b${oneOf([...STOP_WORDS.any, ...STOP_WORDS.fr, ...STOP_WORDS.en])}\\b`, 'u'),
  // The word in other alphabets.
  /(?<!\p{L})(?:стоп|στοπ|ستوب)(?!\p{L})/u,
  // « Arrêt », alone or of texts; never « arrêt maladie », « arrêt de bus ».
  new RegExp(`^(?:${POLITE} )*${oneOf([...ALONE.fr, ...ALONE.en])}(?: ${POLITE})*$`, 'u'),
  new RegExp(`\\b${ARREST}(?:e|er|es|ez)(?: \\p{L}+){0,5} ${TEXTS}\\b`, 'u'),
  new RegExp(`\\b${ARREST}(?: (?:de|des|du|d|les|l|vos|ces|ce|tous|toutes)){0,3} ${TEXTS}\\b`, 'u'),
  new RegExp(`\\b${TEXTS} a ${ARREST}(?:e|er|ez)\\b`, 'u'),
  new RegExp(`(?<!\\b(?:n|ne|ont|a|ai|fait|ete|suis|me|m|nous|pourquoi vous) )\\b${ARREST}ez\\b`, 'u'),
  new RegExp(`\\b(?:merci d|veuillez|pouvez vous|priere d|faut) ${ARREST}er\\b`, 'u'),
  // « Je veux arrêter », never « je veux arrêter de fumer », « arrêter le stage ».
  new RegExp(
    `\\bj?(?:${WANT}|aimerais|demande a|demande d) (?:tout )?${ARREST}er(?! (?:(?:de|d) (?!recevoir)|le |la |l |les |mon |ma |mes |ce |cette |a ))\\b`,
    'u',
  ),
  new RegExp(`^${ARREST}e (?:de m|de me|ca|tout)\\b`, 'u'),
  // No more of it: an infinitive, an order or a will, never « je ne reçois plus de SMS ».
  /\bplus (?:jamais )?(?:recevoir|etre contacte|etre derange|me contacter|m envoyer|m ecrire|me deranger|me relancer)\b/u,
  // « Vous ne m'envoyez plus de rappel ? » complains of the contrary.
  /(?<!\bvous (?:ne )?)\b(?:m envoyez|m ecrivez|me contactez|m envoie|m ecris|me contacte|me derangez) (?:plus|pas)\b/u,
  /^(?:svp |merci )?n (?:envoyez|ecrivez) plus\b/u,
  new RegExp(`\\bj?${WANT} (?:plus|pas)(?: \\p{L}+){0,3} ${TEXTS}\\b`, 'u'),
  new RegExp(`^(?:svp |merci )?plus (?:de |d |aucun )?${TEXTS}\\b`, 'u'),
  new RegExp(`^(?:svp |merci )?pas de ${TEXTS}(?: ${POLITE})*$`, 'u'),
  new RegExp(`(?<!\\bsans )\\bcess(?:e|es|er|ez)(?: \\p{L}+){0,5} ${TEXTS}\\b`, 'u'),
  // « Annuler les SMS » is about texts, « annuler le rendez-vous » is not.
  new RegExp(`^(?:${POLITE} )*annul(?:e|er|ez) ${TEXTS}(?: ${POLITE})*$`, 'u'),
  new RegExp(`\\b(?:annule|refuse)\\p{L}*(?: (?:de|recevoir|les|vos|ces|tous)){1,3} ${TEXTS}\\b`, 'u'),
  /\b(?:retirez|retirer|supprimez|supprimer|enlevez|enlever|effacez|effacer|rayez) (?:moi|mon num\p{L}*|mon tel\p{L}*)\b/u,
  /\bme (?:retirer|supprimer|enlever|effacer|rayer)(?: (?:de|des) (?:\p{L}+ )?(?:listes?|fichiers?|repertoire|contacts?))?$/u,
];

/**
 * A wish that texts end, in any of our languages. A doubt is one: a stop that was meant and missed is worse than one
 * that was not meant. What says not to stop is none, unless another part of the reply stops.
 * @param clauses plain text between two stops of the voice: « pas, arrêtez » is no « pas arrêter »
 */
export function asksToStop(clauses: readonly string[]): boolean {
  if (saysInAnotherLanguage('stop', clauses.join(' '))) return true;
  const wishes = clauses
    .map((clause) => NOT_TO_STOP.reduce((left, contrary) => left.replace(contrary, ' '), clause))
    .join(' ')
    .replace(/ +/gu, ' ')
    .trim();
  return STOP_WISHES.some((wish) => wish.test(wishes));
}

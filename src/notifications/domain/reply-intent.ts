import { saysInAnotherLanguage } from './foreign-replies.js';
import { asksToStop } from './stop-wishes.js';

/** What a reply by text asks for, in the words of the table `inbound_message`. */
export const REPLY_INTENTS = ['stop', 'yes', 'no', 'help', 'wrong-person', 'free'] as const;
/** What a reply wants, in one word of ours. */
export type ReplyIntent = (typeof REPLY_INTENTS)[number];

/** How a reply was read. */
export interface ReplyReading {
  readonly intent: ReplyIntent;
  /** Says that the number is not the person's; also when it asks to stop, which wins as the intent. */
  readonly saysWrongPerson: boolean;
  /** Thanks and good wishes only: kept and shown, nobody needs to do anything. */
  readonly isCourtesy: boolean;
}

/** Longer than any text a phone sends in one piece of ten parts. */
const LONGEST = 1600;

/**
 * Reads a French reply, or one word of another of our languages: case, accents, punctuation, emoji and usual typing
 * faults do not matter. STOP wins over everything else; what is not clearly one of the others is `free`, and a human reads it. Never throws.
 */
export function readReply(body: string): ReplyReading {
  const clauses = clausesOf(body);
  const text = clauses.join(' ');
  const saysWrongPerson = matches(text, WRONG_PERSON) && !matches(text, WRONG_SOMETHING_ELSE);
  const stops = asksToStop(clauses) || (text === '' && STOP_SIGN.test(body));
  const intent = stops ? 'stop' : intentOf(body, text, saysWrongPerson);
  return { intent, saysWrongPerson, isCourtesy: COURTESY.test(text) };
}

function intentOf(body: string, text: string, saysWrongPerson: boolean): ReplyIntent {
  if (saysWrongPerson) return 'wrong-person';
  const hasQuestion = /[?\uff1f]/u.test(body);
  if ((text === '' && hasQuestion) || matches(text, HELP) || saysInAnotherLanguage('help', text))
    return 'help';
  if (saysNo(text) || saysInAnotherLanguage('no', text)) return 'no';
  const agrees = saysYes(text, body) || saysInAnotherLanguage('yes', text);
  return !hasQuestion && agrees ? 'yes' : 'free';
}

/** What stands between two stops of the voice: lower case, no accents, words parted by one space. */
function clausesOf(body: string): readonly string[] {
  return body
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replace(/[\p{M}\u200b-\u200f\u2060\ufeff\u00ad]/gu, '')
    .toLowerCase()
    .split(/[.,;:!?\n\r\u060c\u061b\u061f]/u)
    .map((clause) =>
      clause
        .replaceAll('œ', 'oe')
        .replace(NO_STOP, ' nonstop ')
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .replace(/\bpa\b/gu, 'pas')
        .trim(),
    )
    .filter((clause) => clause !== '');
}

/** « Non-stop », « je suis non stop au travail », « bus stop »: no wish; « non stop » by itself refuses and stops. */
const NO_STOP =
  /\bnon[-\u2010-\u2014]stop\b|(?<=\b(?:suis|travaille|bosse|taffe|cours|tourne|roule|occupee?) )non stop\b|\bnon stop(?= (?:au (?:travail|boulot|taf)|toute la|h24|24h|jour et nuit)\b)|\b(?:bus|auto|le|au|un|du|en|panneau)[ -]stop\b/gu;

function matches(text: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/** No word at all, and the sign of it. */
const STOP_SIGN = /[\u{1F6D1}\u26D4\u{1F6AB}]/u;

const PERSON_OR_NUMBER = '(?:numero|num|no|tel|telephone|personne|pers|destinataire|contact)';

const WRONG_PERSON: readonly RegExp[] = [
  new RegExp(`\\b(?:mauvais|mauvaise|movais|faux) ${PERSON_OR_NUMBER}\\b`, 'u'),
  new RegExp(`\\b(?:erreur|tromp\\p{L}*)(?: \\p{L}+)? (?:de|sur le|sur la) ${PERSON_OR_NUMBER}\\b`, 'u'),
  /\bvous (?:vous )?(?:etes )?(?:tromp(?:ez|e|es|er)|faites erreur|faite erreur)\b/u,
  /\b(?:ce|se|c|ca) ?(?:n )?(?:est|es|et|ne)? ?pas (?:moi|pour moi|a moi|mon nom|mon prenom|mon rdv)\b/u,
  /\b(?:message|sms|texto|convocation|rdv|rendez vous) (?:ne )?(?:n )?(?:est|sont|etait) pas (?:pour moi|a moi|le mien)\b/u,
  /\bcest pas (?:moi|pour moi|mon nom)\b/u,
  /\bpas (?:la bonne personne|le bon (?:numero|num|destinataire|contact|tel))\b/u,
  /\bsuis pas (?:la personne|cette personne|celui|celle|le destinataire|m|mr|mme|monsieur|madame)\b/u,
  /\bconnais? (?:pas )?(?:pas |personne )?(?:cette personne|ce nom|ce monsieur|cette dame|de ce nom)\b/u,
  /\b(?:ce |se |mon )?(?:numero|num|telephone|portable) (?:n est|nest|n appartient|est|n a) (?:pas|plus|jamais)\b/u,
  /\b(?:il )?(?:n )?(?:y )?a (?:pas|personne|aucun|aucune) (?:de |d )?(?:\p{L}+ )?(?:a ce numero|de ce nom|ici)\b/u,
  /\b(?:est|c) (?:pas|plus) (?:son|mon|le|leur) (?:numero|num|tel|telephone)\b/u,
  /^(?:non )?(?:pas moi|connais pas|je (?:ne )?connais pas)$/u,
  /\b(?:wrong number|wrong person|not me)\b/u,
];
/** « Ce n'est pas moi qui viens », « vous vous trompez de date », « je me suis trompé de numéro ». */
const WRONG_SOMETHING_ELSE: readonly RegExp[] = [
  /\bpas moi (?:qui|le|la|mais|c)\b/u,
  /\bpas pour moi (?:possible|demain)\b/u,
  /\btromp\p{L}* (?:de|d|sur) (?:la |l )?(?:date|jour|heure|horaire|adresse|lieu|bureau|dossier)\b/u,
  /\b(?:me suis|j ai|je me) tromp/u,
  /\bmauvais numero de (?:rue|dossier|bureau)\b/u,
  /\bnumero (?:n est|nest|est) plus (?:en panne|coupe|bloque)\b/u,
];

const HELP: readonly RegExp[] = [
  /^(?:bonjour |bonsoir )?(?:a l )?(?:aide|aidez|aidez moi|aide moi|help|help me|info|infos|information|informations|menu|sos)(?: svp| stp| merci| s il vous plait)?$/u,
  /\b(?:besoin d (?:aide|information|informations|info|infos|un renseignement)|aidez moi|pouvez vous m aider|help me)\b/u,
];

function saysNo(text: string): boolean {
  if (matches(text, A_YES_WITH_NOT)) return false;
  if (matches(text.replace(NOT_A_NO, ' '), NO)) return true;
  // « Non, je travaille », never « non c'est bon, je viens ».
  return /^non /u.test(text) && !COMING.test(text) && !ANY_YES.test(text);
}

/** Never the whole of a wish not to come. */
const NOT_A_NO =
  /\b(?:pas de (?:probleme|problemes|souci|soucis|pb)|pas (?:en retard|oublie|oublier|manquer|rater))\b/gu;
const A_YES_WITH_NOT: readonly RegExp[] = [/\b(?:manquerai|manque|raterai|oublierai|oublie) pas\b/u];

const NO: readonly RegExp[] = [
  /^(?:bonjour |bonsoir |ah |ben |eh |desole |desolee )*(?:non+|no+n|nan+|nn|no|nop|nope)(?: (?:non+|merci|desole|desolee|svp|pas|possible|cordialement))*$/u,
  /\b(?:peux?|peu|pourrai?s?|pourrez?|pourait|arriverai?) (?:malheureusement |vraiment )?(?:pas|plus)(?! (?:oublier|manquer|rater))\b/u,
  /\bvais (?:pas|plus) (?:venir|pouvoir|etre)\b/u,
  /\b(?:viendrai?s?|viendr\p{L}*|viens?|vient|serai?s?|assisterai?|presenterai?) (?:malheureusement )?(?:pas|plus|absente?)\b/u,
  /\bpas (?:pouvoir |possible|dispo|disponible|venir|present|presente|etre la)\b/u,
  /\b(?:impossible|empechee?|empechement|incapacite|indispo|indisponible|contretemps|serai absente?)\b/u,
  /\b(?:reporter|decaler|deplacer|annuler|repousser|reprogrammer|changer) (?:le|mon|la|ma|l|de|ce|notre|votre|mes) ?(?:rdv|rendez|convocation|date|heure|horaire|jour)\b/u,
  /\b(?:souhaite|veux|voudrais|aimerais|dois|peut(?: on)?|peux|possible de|faut) (?:annuler|reporter|decaler|deplacer|repousser)\b/u,
  /^(?:je )?(?:annule|reporte|decale|annuler|reporter|decaler)\b/u,
];

/** What turns an agreement into something a human must read. */
const RESERVATION =
  /\b(?:mais|sauf|par contre|cependant|seulement|retard|si|quand|ou ca|comment|combien|pourquoi|quel\p{L}*|est ce|autre|plutot|peut etre|sais pas|avocat|pas|non)\b/u;

const YES_WORD =
  '(?:o+u+i+|ui|wi|oi|ouais?|ouai|oue|yes|yep|ok+|okay|oki|okey|d accord|daccord|dacord|d acc|dacc?|entendu|compris|c est (?:bon|note|ok|entendu|d accord)|cest (?:bon|note|ok)|bien (?:recu|note|compris)|note|[cs]a marche|ca roule|ca me (?:va|convient)|tres bien|recu|parfait|bien sur|volontiers|pas de (?:probleme|soucis?|pb)|absolument|certainement|tout a fait|je confirme|confirme|present|presente|vu)';
const YES_START = new RegExp(
  `^(?:(?:bonjour|bonsoir|salut|merci|alors|ah) )*(?:je (?:dis|vous dis) )?${YES_WORD}(?= |$)`,
  'u',
);
const ANY_YES = new RegExp(`\\b${YES_WORD}\\b`, 'u');
const COMING =
  /\b(?:je|j|on|nous) (?:(?:y|vais) )?(?:viens?|vien|viendrai?s?|viendrons|serai?s?|seraie|etre|serons|sera|confirme|venir|irai)(?: bien)?(?: (?:la|present|presente|venir|au rdv|demain|a l heure|ma presence|ma venue|mon rdv|au rendez vous|y|a)\b|$| )/u;
const MOST_WORDS_OF_A_YES = 14;

function saysYes(text: string, body: string): boolean {
  const trimmed = text
    .replace(/\bpas de (?:problemes?|soucis?|pb)\b/gu, 'ok')
    .replace(/\b(?:ne |n )?(?:manquerai|raterai|oublierai) pas\b/gu, 'viendrai');
  if (trimmed === '') return /[\u{1F44D}\u{1F44C}\u2705\u{1F197}]/u.test(body);
  if (RESERVATION.test(trimmed) || trimmed.split(' ').length > MOST_WORDS_OF_A_YES) return false;
  return YES_START.test(trimmed) || COMING.test(trimmed);
}

const COURTESY =
  /^(?:(?:merci|mercii|beaucoup|bcp|bien|a vous|bonjour|bonsoir|bonne|journee|soiree|fete|fetes|cordialement|cdt|de rien|au revoir|a bientot|a demain|pour|le|l|info|rappel|information|infos)(?: |$))+$/u;

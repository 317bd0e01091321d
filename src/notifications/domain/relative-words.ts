import type { LanguageCode } from '../../shared/message-languages.js';
import { fold, spansOf } from './folded-text.js';
import { type Finding, finding } from './template-finding.js';

const RELATIVE_FRENCH =
  "(?:apres|avant)[- ]?demain|demain|aujourd'? ?hui|avant-hier|hier|ce (?:matin|soir|jour|midi)|cet(?:te)? (?:apres[- ]?midi|nuit|semaine)|(?:la )?semaine prochaine|dans (?:une|deux|trois|\\d+) (?:heures?|jours?|minutes?|semaines?)|tout a l'heure|tantot";
const RELATIVE: Readonly<Record<LanguageCode, string>> = {
  fr: RELATIVE_FRENCH,
  'fr-simple': RELATIVE_FRENCH,
  en: `today|tomorrow|tonight|yesterday|next week|in (?:an|one|two|\\d+) (?:hours?|days?)`,
  ar: 'اليوم|غدا|بعد غد|امس|الليله',
  pt: 'hoje|amanha|ontem|esta (?:manha|tarde|noite)',
  ro: 'azi|astazi|maine|poimaine|ieri|diseara',
  tr: 'bugun|yarin|dun|bu (?:sabah|aksam)',
  es: 'hoy|manana|ayer|esta (?:tarde|noche)',
};

/** « demain », typed: false after an outage. The variable is true whenever the text leaves. */
export function relativeWords(prose: string, language: LanguageCode): readonly Finding[] {
  const either = [...new Set([RELATIVE.fr, RELATIVE[language]])].join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${either})(?![\\p{L}\\p{N}])`, 'gu');
  return spansOf(fold(prose), pattern).map((span) => finding('relative-word', span, '{rdv.quand}'));
}

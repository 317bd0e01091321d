import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import type { EditorContent } from './editor.view.js';
import { findingSentence } from './finding-words.js';

/** After a text was saved or reviewed. */
export function doneWords({ servesNoType }: EditorContent): Readonly<Record<string, string>> {
  const unused = 'Aucun type ne s’en sert\u00a0: le texte de chaque type passe avant.';
  return {
    saved: `Texte enregistré. ${servesNoType ? unused : 'Il sert dès le prochain envoi.'}`,
    draft: 'Texte enregistré. Il ne part pas avant d’avoir été relu.',
    reviewed: `Traduction validée. ${servesNoType ? unused : 'Elle sert dès le prochain envoi, sous votre nom.'}`,
  };
}

/** After the service gave its own text up. */
export function resetSentence({ inForce, which }: EditorContent): string {
  if (inForce?.isOwn === true)
    return 'Ce texte ne sert plus\u00a0: un autre texte du service part à la place.';
  if (inForce !== null) return 'Le texte par défaut sert de nouveau, dès le prochain envoi.';
  return which.language === 'fr'
    ? 'Le texte du service ne sert plus, et il n’y a pas de texte par défaut.'
    : 'Le texte du service ne sert plus. Le texte par défaut n’a pas été relu\u00a0: le français part à la place.';
}

/** Refused for what the text says, not for who writes it or when. */
export function isOfText(error: unknown): boolean {
  return error instanceof ValidationFailed && error.errors.some(({ field }) => field === 'text');
}

/** Each thing to mend, at the field; the panel shows it at the word. */
export function problemsAt({ checked, text }: EditorContent): Problems {
  const blocking = checked.findings.filter(({ blocks }) => blocks);
  if (blocking.length === 0)
    return [{ field: 'text', sentence: 'Ce texte ne peut pas être envoyé tel quel.' }];
  return blocking.map((finding) => ({ field: 'text', sentence: findingSentence(finding, text) }));
}

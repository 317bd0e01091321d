import { directionOf, type LanguageCode } from '../../shared/message-languages.js';

/** For what is written in this language: a screen reader's voice, and the side it begins on. */
export function writtenIn(language: LanguageCode): { readonly lang: string; readonly dir: 'rtl' | 'ltr' } {
  return { lang: language === 'fr-simple' ? 'fr' : language, dir: directionOf(language) };
}

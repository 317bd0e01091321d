/** A language in which a person may be written to. */
export interface MessageLanguage {
  readonly code: string;
  /** In French, for agents. */
  readonly name: string;
  /** As its readers write it. */
  readonly nativeName: string;
  readonly rightToLeft: boolean;
}

/** French first: what every other falls back to. */
export const MESSAGE_LANGUAGES = [
  { code: 'fr', name: 'français', nativeName: 'français', rightToLeft: false },
  { code: 'fr-simple', name: 'français simple', nativeName: 'français simple', rightToLeft: false },
  { code: 'en', name: 'anglais', nativeName: 'English', rightToLeft: false },
  { code: 'ar', name: 'arabe', nativeName: 'العربية', rightToLeft: true },
  { code: 'pt', name: 'portugais', nativeName: 'português', rightToLeft: false },
  { code: 'ro', name: 'roumain', nativeName: 'română', rightToLeft: false },
  { code: 'tr', name: 'turc', nativeName: 'Türkçe', rightToLeft: false },
  { code: 'es', name: 'espagnol', nativeName: 'español', rightToLeft: false },
] as const satisfies readonly MessageLanguage[];

export type LanguageCode = (typeof MESSAGE_LANGUAGES)[number]['code'];

export function isLanguageCode(code: string): code is LanguageCode {
  return MESSAGE_LANGUAGES.some((language) => language.code === code);
}

/** What is unknown is written as French. */
export function languageOf(code: string | null): MessageLanguage & { readonly code: LanguageCode } {
  return MESSAGE_LANGUAGES.find((language) => language.code === code) ?? MESSAGE_LANGUAGES[0];
}

/** Whether this language is written from right to left: the editor's field is too. */
export function directionOf(language: LanguageCode): 'rtl' | 'ltr' {
  return languageOf(language).rightToLeft ? 'rtl' : 'ltr';
}

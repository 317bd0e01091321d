import type { Span } from './penal-words.js';

/** What each is called on screen: finding-words of the back office. */
export type FindingCode =
  | 'unknown-variable'
  | 'brace-alone'
  | 'empty'
  | 'unreadable'
  | 'penal-word'
  | 'revealing-variable'
  | 'measure-word'
  | 'person-name'
  | 'personal-number'
  | 'email'
  | 'birth-date'
  | 'relative-word'
  | 'mark-after-link'
  | 'typed-contact'
  | 'says-not-when';

/** One thing the linter has to say, at its place in the text (UTF-16 units). */
export interface Finding extends Span {
  readonly code: FindingCode;
  /** The text may not be saved. */
  readonly blocks: boolean;
  /** What could stand there instead; null: nothing is known to. */
  readonly instead: string | null;
}

/** A variable, as it is typed: `{lieu.nom}`. */
export const PLACEHOLDER = /\{([^{}]*)\}/g;

/** What stands between braces is no word of the text; every other word keeps its place. */
export function proseOf(text: string): string {
  return text.replace(PLACEHOLDER, (found) => ' '.repeat(found.length));
}

/** One that blocks, unless told otherwise. */
export function finding(
  code: FindingCode,
  span: Span,
  instead: string | null = null,
  blocks = true,
): Finding {
  return { code, start: span.start, end: span.end, blocks, instead };
}

/** Every match of a pattern, at its place. */
export function matches(text: string, pattern: RegExp): readonly (Span & { readonly found: string })[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    found,
  }));
}

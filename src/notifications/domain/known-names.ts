import { fold } from './folded-text.js';
import { type Finding, finding, PLACEHOLDER, proseOf } from './template-finding.js';

/** Of a person or an agent the service knows. */
export interface PersonName {
  readonly firstName: string;
  readonly lastName: string;
}

const WORD = /[\p{L}\p{N}]+/gu;

/** First and last name side by side, in either order, of a person the service knows. */
export function lintNames(text: string, known: readonly PersonName[]): readonly Finding[] {
  const prose = fold(proseOf(text));
  const found = [...prose.plain.matchAll(WORD)];
  const sequences = known.flatMap(({ firstName, lastName }) => {
    const [first, last] = [wordsOf(firstName), wordsOf(lastName)];
    return first.length === 0 || last.length === 0
      ? []
      : [
          [...first, ...last],
          [...last, ...first],
        ];
  });
  return found.flatMap((_, at) => {
    const sequence = sequences.find((one) => one.every((word, i) => found[at + i]?.[0] === word));
    const [from, to] = [found[at], found[at + (sequence?.length ?? 1) - 1]];
    if (sequence === undefined || from === undefined || to === undefined) return [];
    const [start, end] = [prose.at[from.index] ?? 0, prose.at[to.index + to[0].length] ?? text.length];
    return [finding('person-name', { start, end })];
  });
}

function wordsOf(name: string): readonly string[] {
  return fold(name).plain.match(WORD) ?? [];
}

/** Neighbouring words of a text that could be a first and a last name: what to look up. */
export function possibleNames(text: string): readonly (readonly [string, string])[] {
  const words = fold(text.replace(PLACEHOLDER, ' . ')).plain.match(WORD) ?? [];
  return words.slice(1).map((word, at) => [words[at] ?? '', word] as const);
}

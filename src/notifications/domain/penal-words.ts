import type { LanguageCode } from '../../shared/message-languages.js';
import { fold, type FoldedText, spanOf, spansOf } from './folded-text.js';
import {
  ELSEWHERE,
  JUSTICE,
  MEASURES,
  NAMES_OF_PLACES,
  once,
  ORDINARY,
  type Vocabulary,
} from './penal-vocabulary.js';

/** A place in a text, in UTF-16 units; the end is outside of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Words that name an offence, a measure or a place of detention. */
export function measureWords(text: string): readonly Span[] {
  return search(fold(text), ORDINARY, [MEASURES]);
}

/**
 * Words by which a stranger who reads the text knows that justice is behind it. Seen through case, accents, spaces
 * or dots between letters, invisible signs, look-alike letters and figures for letters.
 */
export function penalWords(text: string, language: LanguageCode): readonly Span[] {
  return search(fold(text), ORDINARY, [MEASURES, JUSTICE, ELSEWHERE[language]]);
}

/** The same of the name or the address of a place, where « Le Sap » is a town. */
export function penalWordsOfPlace(text: string, language: LanguageCode): readonly Span[] {
  return search(fold(text), [...ORDINARY, ...NAMES_OF_PLACES], [MEASURES, JUSTICE, ELSEWHERE[language]]);
}

interface Candidate {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  /** Letters were written apart, or two words were put together: only long words count. */
  readonly isGuess: boolean;
}

function search(
  folded: FoldedText,
  ordinary: readonly RegExp[],
  vocabularies: readonly Vocabulary[],
): readonly Span[] {
  const blanked = { ...folded, plain: ordinary.reduce(blank, folded.plain) };
  const words = candidates(blanked.plain).filter((candidate) =>
    vocabularies.some((vocabulary) => isIn(vocabulary, candidate)),
  );
  const phrases = vocabularies.flatMap(({ phrases: patterns }) =>
    patterns.flatMap((pattern) => spansOf(blanked, pattern)),
  );
  return distinct([...words.map(({ from, to }) => spanOf(blanked, from, to)), ...phrases]);
}

/** Every other letter keeps its place. */
function blank(plain: string, ordinary: RegExp): string {
  return plain.replace(ordinary, (found) => ' '.repeat(found.length));
}

const TOKEN = /[\p{L}\p{N}@$|€]+(?:!(?=[\p{L}\p{N}]))?[\p{L}\p{N}@$|€]*/gu;
const SHORTEST_GUESS = 6;

/** Words; words cut by a hyphen, a dot or an apostrophe; letters standing apart; two neighbours together. */
function candidates(plain: string): readonly Candidate[] {
  const tokens = [...plain.matchAll(TOKEN)].map(({ index, 0: word }) => ({
    ...{ word, from: index, to: index + word.length },
    isGuess: false,
  }));
  const between = (one: Candidate, next: Candidate) => plain.slice(one.to, next.from);
  const isLetter = ({ word }: Candidate) => word.length === 1;
  return [
    ...tokens,
    ...runs(tokens, (one, next) => /^[-_.*'·/+~]$/.test(between(one, next))),
    ...runs(
      tokens,
      (one, next) => isLetter(one) && isLetter(next) && /^[\s\p{P}]{1,3}$/u.test(between(one, next)),
    ),
    ...tokens.slice(1).map((next, at) => {
      const one = tokens[at] ?? next;
      const isNear = between(one, next) === ' ';
      return { word: isNear ? one.word + next.word : '', from: one.from, to: next.to, isGuess: true };
    }),
  ];
}

/** Neighbours that hang together, joined. */
function runs(
  tokens: readonly Candidate[],
  hangs: (one: Candidate, next: Candidate) => boolean,
): readonly Candidate[] {
  const joined: Candidate[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    const before = tokens.find(({ to }) => to === last?.to);
    if (last !== undefined && before !== undefined && hangs(before, token))
      joined[joined.length - 1] = { ...last, word: last.word + token.word, to: token.to };
    else joined.push(token);
  }
  return joined.filter(({ word, from, to }) => word.length !== to - from);
}

const FIGURES: readonly Readonly<Record<string, string>>[] = [
  { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i', '|': 'i', '€': 'e' },
  { 0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'l', '|': 'l', '€': 'e' },
];

/** « V01 » is a door. */
const DOOR = /^\p{L}\d+$/u;

/** As written, without the figures of a department (« SPIP92 »), with figures read as letters; doubled letters once. */
function readings(word: string): readonly string[] {
  if (!/\p{L}/u.test(word) || DOOR.test(word)) return [];
  const read = FIGURES.map((figures) => [...word].map((sign) => figures[sign] ?? sign).join(''));
  return [...new Set([word, word.replace(/\d{1,3}$/, ''), ...read].flatMap((one) => [one, once(one)]))];
}

function isIn({ forms, stems }: Vocabulary, { word, isGuess }: Candidate): boolean {
  if (isGuess)
    return stems.some(
      (stem) => stem.length >= SHORTEST_GUESS && word.startsWith(stem) && word.length < stem.length + 5,
    );
  return readings(word).some((read) => forms.has(read) || stems.some((stem) => holds(read, stem)));
}

function holds(read: string, stem: string): boolean {
  const isInside = stem.length >= SHORTEST_GUESS ? read.includes(stem) : read.startsWith(stem);
  return isInside || read.startsWith(once(stem));
}

function distinct(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.start - other.start || other.end - one.end);
  return sorted.filter((span, at) => !sorted.slice(0, at).some(({ end }) => end >= span.end));
}

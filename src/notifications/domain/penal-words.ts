import type { LanguageCode } from '../../shared/message-languages.js';
import { fold, type FoldedText, spanOf, spansOf } from './folded-text.js';

/** Folded: lower case, no accent. */
interface Vocabulary {
  /** The word itself, or its plural. */
  readonly words: readonly string[];
  /** Beginnings of words. */
  readonly stems: readonly string[];
  /** Several words, or signs that are no letters. */
  readonly phrases: readonly RegExp[];
}

/** Words, one space apart. */
function list(words: string): readonly string[] {
  return words.split(' ');
}

/** Measures, offences and places of detention: never in a text, whatever the register. */
const MEASURES: Vocabulary = {
  words: list('tig tnr ddse arse sme crpc crime ecrou sursis viol'),
  stems: list(
    'condamn prison detenu detention incarcer bracelet infraction delit delinqu crimin violenc ' +
      'stupefiant recidiv victim ecroue penitenti perquisition probatoi',
  ),
  phrases: [
    /\bsurveillance electronique\b/g,
    /\b(semi[- ]?liberte|liberte (surveillee|conditionnelle)|liberation (sous contrainte|conditionnelle|anticipee))\b/g,
    /\b(obligation|injonction)s? de soins?\b/g,
    /\bcontroles? judiciaires?\b/g,
    /\bsuivis? (socio[- ]?)?(judiciaires?|penal|penaux)\b/g,
    /\b(mesure|contrainte|composition)s? (penale|judiciaire)s?\b/g,
    /\bassigne(e?s?|r)? a residence\b|\bassignations? a residence\b/g,
    /\binterdictions? de (paraitre|contact|sejour|quitter|rencontrer)\b/g,
    /\bplacements? exterieurs?\b/g,
    /\b(amenagement|execution|fin|remise|reduction|conversion)s? de (la |sa |votre )?peines?\b/g,
    /\b(travail|travaux) d'interet general\b/g,
    /\bstage de \w+/g,
    /\bmise? a l'epreuve\b/g,
    /\bgarde a vue\b/g,
    /\bmandat (d'arret|de depot|d'amener)\b/g,
    /\bcasier judiciaire\b/g,
    /\b(votre|vos|une|les|des) peines?\b/g,
    /\b741(-1)?\b/g,
  ],
};

/** What tells a stranger that justice is behind the text. */
const JUSTICE: Vocabulary = {
  words: list(
    'spip alip jap japat sap bex tj tgi cpip dpip pjj ppsmj appi jld tpe fijais juge audience avocat ' +
      'police policier commissariat loi mandat peine proces plainte amende',
  ),
  stems: list(
    'justic judiciair juridic juridict tribuna probation penal greff magistrat procureur ' +
      'parquet jugement sentenc gendarm reinsertion correctionnel penitenci surveillan',
  ),
  phrases: [
    /\bmain de justice\b/g,
    /\bmilieu ouvert\b/g,
    /\bcour d[' ](appel|assises)\b/g,
    /\bmaisons? (d[' ]arret|centrale)\b/g,
    /\bapplication des? peines?\b/g,
    /\bconseill(er|ere) d'insertion\b/g,
    /\bmise? en examen\b/g,
  ],
};

const NONE: Vocabulary = { words: [], stems: [], phrases: [] };

const ELSEWHERE: Readonly<Record<LanguageCode, Vocabulary>> = {
  fr: NONE,
  'fr-simple': NONE,
  en: {
    words: list('court judge jail bail parole law lawyer hearing'),
    stems: list('justice offen convict crime sentenc prosecut probat'),
    phrases: [],
  },
  ar: NONE,
  pt: {
    words: list('juiz juiza pena cadeia lei'),
    stems: list('justica prisao condena crime delito judici procurador advogad'),
    phrases: [/\bliberdade condicional\b/g],
  },
  ro: {
    words: list('lege puscarie'),
    stems: list('justiti judec inchiso pedeaps probatiun infractiun instanta procuror avocat'),
    phrases: [],
  },
  tr: {
    words: list('suc ceza hakim yargi'),
    stems: list('mahkem savci adalet hapis hapish denetim hukum tutuk infaz cezaevi'),
    phrases: [],
  },
  es: {
    words: list('juez jueza pena carcel ley'),
    stems: list('justicia juzgado juicio prision condena delito fiscal judici abogad'),
    phrases: [/\blibertad condicional\b/g],
  },
};

const ARABIC = /\p{L}*(?:محكم|قاضي|قضا|عدال|سجن|عقوب|جريم|نياب|شرط|محام)\p{L}*/gu;

/** A place in a text, in UTF-16 units; the end is outside of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Words that name an offence, a measure or a place of detention. */
export function measureWords(text: string): readonly Span[] {
  return search(fold(text), [MEASURES]);
}

/**
 * Words by which a stranger who reads the text knows that justice is behind it. Seen through case, accents, spaces
 * or dots between letters, invisible signs, look-alike letters and figures for letters.
 */
export function penalWords(text: string, language: LanguageCode): readonly Span[] {
  const folded = fold(text);
  const arabic = language === 'ar' ? spansOf(folded, ARABIC) : [];
  return distinct([...search(folded, [MEASURES, JUSTICE, ELSEWHERE[language]]), ...arabic]);
}

interface Candidate {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  /** Letters were written apart, or two words were put together: only long words count. */
  readonly isGuess: boolean;
}

function search(folded: FoldedText, vocabularies: readonly Vocabulary[]): readonly Span[] {
  const words = candidates(folded.plain).filter((candidate) =>
    vocabularies.some((vocabulary) => isIn(vocabulary, candidate)),
  );
  const phrases = vocabularies.flatMap(({ phrases: patterns }) =>
    patterns.flatMap((pattern) => spansOf(folded, pattern)),
  );
  return distinct([...words.map(({ from, to }) => spanOf(folded, from, to)), ...phrases]);
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

/** As written, without the figures of a department (« SPIP92 »), with figures read as letters; doubled letters once. */
function readings(word: string): readonly string[] {
  if (!/\p{L}/u.test(word)) return [];
  const read = FIGURES.map((figures) => [...word].map((sign) => figures[sign] ?? sign).join(''));
  return [...new Set([word, word.replace(/\d{1,3}$/, ''), ...read].flatMap((one) => [one, once(one)]))];
}

function isIn({ words, stems }: Vocabulary, { word, isGuess }: Candidate): boolean {
  if (isGuess)
    return stems.some(
      (stem) => stem.length >= SHORTEST_GUESS && word.startsWith(stem) && word.length < stem.length + 5,
    );
  return readings(word).some(
    (read) =>
      words.some(
        (known) =>
          read === known || read === `${known}s` || read === `${once(known)}s` || read === once(known),
      ) ||
      stems.some(
        (stem) =>
          (stem.length >= SHORTEST_GUESS ? read.includes(stem) : read.startsWith(stem)) ||
          read.startsWith(once(stem)),
      ),
  );
}

function once(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

function distinct(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.start - other.start || other.end - one.end);
  return sorted.filter((span, at) => !sorted.slice(0, at).some(({ end }) => end >= span.end));
}

import { type LanguageCode, languageOf } from '../../shared/message-languages.js';
import { parsePhone } from '../../shared/phone-number.js';
import { fold, spansOf } from './folded-text.js';
import { measureWords, penalWords, type Span } from './penal-words.js';
import {
  LINK_VARIABLES,
  TEMPLATE_VARIABLES,
  type TemplateVariable,
  variableNamed,
} from './template-variables.js';

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

export interface LintedTemplate {
  readonly text: string;
  readonly kind: string;
  readonly register: 'standard' | 'discreet';
  readonly language: LanguageCode;
}

/** Everything that can be said of a text without looking at any data. In the order of the text. */
export function lintTemplate(template: LintedTemplate): readonly Finding[] {
  const { text } = template;
  // What stands between braces is no word of the text.
  const prose = text.replace(PLACEHOLDER, (found) => ' '.repeat(found.length));
  const findings = [
    ...emptiness(text),
    ...variables(text),
    ...braces(text),
    ...unreadable(text),
    ...words(prose, template),
    ...persons(prose),
    ...numbers(prose),
    ...relativeWords(prose, template.language),
    ...links(text),
    ...whenSaid(template),
  ];
  return findings.sort((one, other) => one.start - other.start);
}

const PLACEHOLDER = /\{([^{}]*)\}/g;

function finding(code: FindingCode, span: Span, instead: string | null = null, blocks = true): Finding {
  return { code, start: span.start, end: span.end, blocks, instead };
}

function matches(text: string, pattern: RegExp): readonly (Span & { readonly found: string })[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    found,
  }));
}

function emptiness(text: string): readonly Finding[] {
  return text.trim() === '' ? [finding('empty', { start: 0, end: text.length })] : [];
}

function variables(text: string): readonly Finding[] {
  return matches(text, PLACEHOLDER).flatMap((span) => {
    const name = span.found.slice(1, -1);
    if (variableNamed(name) !== undefined) return [];
    const nearest = nearestVariable(name);
    return [finding('unknown-variable', span, nearest === undefined ? null : `{${nearest}}`)];
  });
}

function braces(text: string): readonly Finding[] {
  const prose = text.replace(PLACEHOLDER, (found) => ' '.repeat(found.length));
  return matches(prose, /[{}]/g).map((span) => finding('brace-alone', span, ''));
}

/** Control characters, halves of one, private ones, and those that turn the order of what follows around. */
function unreadable(text: string): readonly Finding[] {
  return matches(text, /[^\P{Cc}\n\r\t]|\p{Cs}|\p{Co}|[\u202a-\u202e]/gu).map((span) =>
    finding('unreadable', span, ''),
  );
}

function words(prose: string, { text, register, language }: LintedTemplate): readonly Finding[] {
  if (register === 'standard') return measureWords(prose).map((span) => finding('measure-word', span));
  const revealing: readonly (readonly [TemplateVariable, string])[] = [
    ['lieu.nom', '{lieu.adresse}'],
    ['lieu.contact', '{lieu.téléphone}'],
    ['lieu.lien_info', ''],
  ];
  return [
    ...penalWords(prose, language).map((span) => finding('penal-word', span)),
    ...matches(text, PLACEHOLDER).flatMap((span) => {
      const known = revealing.find(([name]) => name === variableNamed(span.found.slice(1, -1)));
      return known === undefined ? [] : [finding('revealing-variable', span, known[1])];
    }),
  ];
}

const anyCase = (words: string) =>
  words.replace(/\p{L}/gu, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

const AFTER_TITLE = '(?:\\.\\s*|\\s+|(?<=\\p{Ll})(?=\\p{Lu}))';
/** Titles that are nothing else, before any word. */
const SHORT_TITLE = `(?:${anyCase('mmes?|mlles?|mrs?|dr')})${AFTER_TITLE}|${anyCase('(?:mm?|sra?)')}\\.\\s*`;
/** Before a small letter these are no title of a name: « Monsieur, », « Madame votre ». */
const FULL_TITLE = `(?:${anyCase('mm?|monsieur|madame|mademoiselle|messieurs|mesdames|maître|maitre')}|M[es])${AFTER_TITLE}(?=\\p{Lu})`;
const POLITE = anyCase(
  'monsieur|madame|mme|mesdames|messieurs|et|ou|votre|vos|vous|notre|nous|ce|cette|rdv|rendez',
);
/** « M. le juge » names nobody, « M. Le Goff » does. */
const FUNCTION = anyCase(
  '(?:le|la) (?:juge|direct|président|procur|conseil|greff|maire|préfet|psycholog|assistant)',
);
const NO_NAME = `(?:(?:le|la|les|l|de|du|des|d|${POLITE})(?![\\p{L}])|${FUNCTION})`;
/** Not « à 200 m. Sonnez ». */
const NAMED = new RegExp(
  `(?<![\\p{L}\\p{N}]|\\d\\s)(?:${SHORT_TITLE}|${FULL_TITLE})(?!${NO_NAME})\\p{L}[\\p{L}'’-]+`,
  'gu',
);

function persons(prose: string): readonly Finding[] {
  return matches(prose, NAMED).map((span) => finding('person-name', span));
}

const MONTHS = 'janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre';
const DATES = [
  // Neither goes on with two more figures nor follows some: « 01.47.25.00 ».
  /(?<!\d)(?=\d{1,2}\s?([/.-]))(?<!\d\d\1)\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})(?!\d|[/.-]\d\d)/g,
  /(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)/g,
  new RegExp(`(?<!\\d)\\d{1,2}(?:er)? (?:${MONTHS})(?: \\d{4})?`, 'g'),
  /\bnee?s? le\b/g,
];
const EMAIL = /[^\s@{}<>,;:]+@[^\s@{}<>,;:]+\.\p{L}{2,}/gu;
const LONG_NUMBER = /(?<![\p{L}\p{N}])\+?\d(?:[\s.\-/()]{0,2}\d){5,}(?:\p{Ll}|\s?\p{Lu})?(?![\p{L}\p{N}])/gu;
/** Ten figures two by two, one sign between them all: « 01/03/1985 14 » is a date. */
const PHONE = /^(?:\+\d|0[1-9]([\s./-]?)\d\d(?:\1\d\d){3}$)/;
const FILE_NUMBER = /\b(?:dossier|ecrou|appi|parquet|matricule)\s*(?:n[o°]?\.?\s*)?(?::\s*)?\d[\d/.-]*/g;
const LEAST_PHONE_DIGITS = 9;

function numbers(prose: string): readonly Finding[] {
  const folded = fold(prose);
  const long = matches(prose, LONG_NUMBER);
  const phones = long.filter(({ found }) => PHONE.test(found));
  const dates = DATES.flatMap((pattern) => spansOf(folded, pattern)).filter((span) => !isIn(span, phones));
  return [
    ...dates.map((span) => finding('birth-date', span, '{rdv.date}')),
    ...matches(prose, EMAIL).map((span) => finding('email', span, '{lieu.contact}')),
    ...spansOf(folded, FILE_NUMBER).map((span) => finding('personal-number', span)),
    ...long.filter((span) => !isIn(span, dates)).map((span) => numberFinding(span)),
  ];
}

function isIn(span: Span, others: readonly Span[]): boolean {
  return others.some(({ start, end }) => span.start < end && start < span.end);
}

/** A landline may be the switchboard's: it is said, and may stay. */
function numberFinding(span: Span & { readonly found: string }): Finding {
  const digits = span.found.replace(/\D/g, '');
  if (digits.length < LEAST_PHONE_DIGITS || /\p{L}$/u.test(span.found))
    return finding('personal-number', span);
  const phone = parsePhone(span.found);
  if (!phone.valid || phone.mobile)
    return finding('personal-number', span, phone.valid ? '{lieu.téléphone}' : null);
  return finding('typed-contact', span, '{lieu.téléphone}', false);
}

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
function relativeWords(prose: string, language: LanguageCode): readonly Finding[] {
  const either = [...new Set([RELATIVE.fr, RELATIVE[language]])].join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${either})(?![\\p{L}\\p{N}])`, 'gu');
  return spansOf(fold(prose), pattern).map((span) => finding('relative-word', span, '{rdv.quand}'));
}

/** Some telephones take the mark into the address. */
function links(text: string): readonly Finding[] {
  const afterVariable = matches(text, /\{([^{}]*)\}[.!?,;:)]/g).filter(({ found }) =>
    LINK_VARIABLES.some((link) => link === variableNamed(found.slice(1, -2))),
  );
  const afterAddress = matches(text, /(?:https?:\/\/|www\.)[^\s{}]*[.!?,;:)](?=\s|$)/g);
  return [...afterVariable, ...afterAddress].map(({ end }) =>
    finding('mark-after-link', { start: end - 1, end }, ' '),
  );
}

const SAYS_WHEN: readonly TemplateVariable[] = ['rdv.quand', 'rdv.date', 'rdv.jour'];

/** Said, not refused. */
function whenSaid({ text, kind }: LintedTemplate): readonly Finding[] {
  const needed = kind !== 'cancellation' && kind !== 'after-absence';
  const named = matches(text, PLACEHOLDER).map(({ found }) => variableNamed(found.slice(1, -1)));
  const says = SAYS_WHEN.some((name) => named.includes(name));
  return needed && !says
    ? [finding('says-not-when', { start: text.length, end: text.length }, null, false)]
    : [];
}

const MEANT: Readonly<Record<string, TemplateVariable>> = {
  ...{
    nom: 'lieu.nom',
    lieu: 'lieu.nom',
    adresse: 'lieu.adresse',
    telephone: 'lieu.téléphone',
    tel: 'lieu.téléphone',
  },
  ...{ phone: 'lieu.téléphone', contact: 'lieu.contact', mail: 'lieu.contact', email: 'lieu.contact' },
  ...{ lien: 'lieu.lien_info', lien_info: 'lieu.lien_info', url: 'lieu.lien_info' },
  ...{
    date: 'rdv.date',
    heure: 'rdv.heure',
    quand: 'rdv.quand',
    jour: 'rdv.jour',
    rdv: 'rdv.quand',
    demain: 'rdv.quand',
  },
};
const CLOSE = 3;

/** The variable that was probably meant. */
export function nearestVariable(name: string): TemplateVariable | undefined {
  const typed = fold(name.trim().replace(/\s+/g, '_')).plain;
  const meant = MEANT[typed] ?? MEANT[typed.split(/[._]/).at(-1) ?? ''];
  const near = TEMPLATE_VARIABLES.map((known) => ({ known, away: distance(typed, fold(known).plain) }))
    .filter(({ away }) => away <= CLOSE)
    .sort((one, other) => one.away - other.away)[0];
  return meant ?? near?.known;
}

/** Letters to add, remove or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, wanted] of [...other].entries())
      next.push(
        Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === wanted ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

export interface PersonName {
  readonly firstName: string;
  readonly lastName: string;
}

const WORD = /[\p{L}\p{N}]+/gu;

/** First and last name side by side, in either order, of a person the service knows. */
export function lintNames(text: string, known: readonly PersonName[]): readonly Finding[] {
  const prose = fold(text.replace(PLACEHOLDER, (found) => ' '.repeat(found.length)));
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

/** Whether this language is written from right to left: the editor's field is too. */
export function directionOf(language: LanguageCode): 'rtl' | 'ltr' {
  return languageOf(language).rightToLeft ? 'rtl' : 'ltr';
}

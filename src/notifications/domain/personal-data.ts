import { parsePhone } from '../../shared/phone-number.js';
import { fold, spansOf } from './folded-text.js';
import type { Span } from './penal-words.js';
import { type Finding, finding, matches } from './template-finding.js';

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

/** A title and what follows it: a name. */
export function persons(prose: string): readonly Finding[] {
  return matches(prose, NAMED).map((span) => finding('person-name', span));
}

const MONTHS = 'janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre';
/** « Rue du 8 mai 1945 » is an address. */
const NO_STREET = '(?<!\\b(?:rue|place|avenue|boulevard|quai|cours|square|allee|impasse|esplanade) du )';
const DATES = [
  // Neither goes on with two more figures nor follows some: « 01.47.25.00 ».
  /(?<!\d)(?=\d{1,2}\s?([/.-]))(?<!\d\d\1)\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})(?!\d|[/.-]\d\d)/g,
  /(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)/g,
  new RegExp(`${NO_STREET}(?<!\\d)\\d{1,2}(?:er)? (?:${MONTHS})(?: \\d{4})?`, 'g'),
  /\bnee?s? le\b/g,
];
const EMAIL = /[^\s@{}<>,;:]+@[^\s@{}<>,;:]+\.\p{L}{2,}/gu;
const LONG_NUMBER = /(?<![\p{L}\p{N}])\+?\d(?:[\s.\-/()]{0,2}\d){5,}(?:\p{Ll}|\s?\p{Lu})?(?![\p{L}\p{N}])/gu;
/** Ten figures two by two, one sign between them all: « 01/03/1985 14 » is a date. */
const PHONE = /^(?:\+\d|0[1-9]([\s./-]?)\d\d(?:\1\d\d){3}$)/;
const FILE_NUMBER = /\b(?:dossier|ecrou|appi|parquet|matricule)\s*(?:n[o°]?\.?\s*)?(?::\s*)?\d[\d/.-]*/g;
const LEAST_PHONE_DIGITS = 9;

/** Dates of birth, addresses, numbers of files and of telephones. */
export function numbers(prose: string): readonly Finding[] {
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

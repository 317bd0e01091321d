import { searchWords, tidyAppi } from './person.js';

/** What an agent typed in the search field, understood. */
export interface PersonSearch {
  /** Beginnings of words of the name, in any order. */
  readonly words: readonly string[];
  readonly birthDate: string | null;
  /** A number: of the ministry's software or of a phone, both are tried. */
  readonly appiNumber: string | null;
  readonly phone: string | null;
}

const ISO_DATE = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/;
const FRENCH_DATE = /(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/;
const APPI = /^\d{8}(\d{4})?[A-Za-z]?$/;
const PHONE = /^[+\d\s.()/-]+$/;
const FEWEST_DIGITS = 4;
const MOST_WORDS = 8;

/** @returns null when there is nothing to search by */
export function readSearch(query: string): PersonSearch | null {
  const text = query
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim();
  const { birthDate, rest } = takeDate(text);
  const compact = rest.replace(/\s+/gu, '');
  const appiNumber = APPI.test(compact) ? tidyAppi(compact) : null;
  const phone = PHONE.test(rest) && digitsOf(rest).length >= FEWEST_DIGITS ? rest : null;
  const words = appiNumber === null && phone === null ? searchWords(rest).slice(0, MOST_WORDS) : [];
  if (birthDate === null && appiNumber === null && phone === null && words.length === 0) return null;
  return { words, birthDate, appiNumber, phone };
}

/** Digits as they end the international form: of a national typing, without its leading zeros where there are others. */
export function digitsOf(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.length > FEWEST_DIGITS ? digits.replace(/^0+(?=\d{4})/, '') : digits;
}

function takeDate(text: string): { birthDate: string | null; rest: string } {
  const iso = ISO_DATE.exec(text);
  const french = iso === null ? FRENCH_DATE.exec(text) : null;
  const found = iso ?? french;
  const [year, month, day] =
    iso === null ? [french?.[3], french?.[2], french?.[1]] : [iso[1], iso[2], iso[3]];
  const date = `${year ?? ''}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  if (found === null || !isDay(date)) return { birthDate: null, rest: text };
  return { birthDate: date, rest: text.replace(found[0], ' ').trim() };
}

function isDay(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const last = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  return year > 0 && day >= 1 && day <= (last[month - 1] ?? 0);
}

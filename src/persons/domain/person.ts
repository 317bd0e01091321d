import { Temporal } from 'temporal-polyfill';
import { DomainError } from '../../shared/domain-error.js';

/** The number cannot be called from anywhere. */
export class PhoneInvalid extends DomainError {
  readonly code = 'phone-invalid';
  override readonly field = 'phone';
  constructor() {
    super('not a phone number');
  }
}

/** Same APPI number, or same name and birth date where neither has one. */
export class DuplicatePerson extends DomainError {
  readonly code = 'duplicate-person';
  constructor(override readonly field: 'appiNumber' | 'birthDate') {
    super(`this person exists already, by ${field}`);
  }
}

/** An archived person is neither changed nor summoned. */
export class PersonArchived extends DomainError {
  readonly code = 'person-archived';
  constructor() {
    super('this person is archived');
  }
}

const LONGEST_NAME = 100;
const OLDEST = '1900-01-01';
const YOUNGEST_YEARS = 16;

/** Letters that Unicode does not split into a base letter and a mark. */
const LIGATURES: Readonly<Record<string, string>> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
};

/** As typed, but for stray spaces and the way accents are encoded. */
export function tidyName(typed: string): string {
  return typed.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** At least one letter, at most 100 characters, nothing that no keyboard writes. */
export function isName(name: string): boolean {
  return name.length <= LONGEST_NAME && /\p{L}/u.test(name) && isCleanText(name);
}

/** Whole characters only, no control characters: what every database and every screen takes. */
export function isCleanText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** Last then first name, lower case, without accents or punctuation: what a search compares. */
export function searchKey(lastName: string, firstName: string): string {
  return searchWords(`${lastName} ${firstName}`).join(' ');
}

/** The words of a text as `searchKey` writes them. */
export function searchWords(text: string): string[] {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[œæßøłđðþħıŋŧ]/gu, (letter) => LIGATURES[letter] ?? letter);
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** Number in the ministry's software: spaces out, upper case. */
export function tidyAppi(typed: string): string {
  return typed.replace(/\s+/gu, '').toUpperCase();
}

/** 12 digits from 200, 201 or 202, or 8 digits from 199 or 200; one letter may follow. */
export function isAppi(appi: string): boolean {
  return /^(20[012]\d{9}|(199|200)\d{5})[A-Z]?$/.test(appi);
}

/** A real day since 1900 on which someone who is at least 16 today was born; the 16th birthday itself is fine. */
export function isBirthDate(date: string, today: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || date < OLDEST) return false;
  try {
    const sixteenth = Temporal.PlainDate.from(date).add({ years: YOUNGEST_YEARS });
    return Temporal.PlainDate.compare(sixteenth, Temporal.PlainDate.from(today)) <= 0;
  } catch {
    return false;
  }
}

/** Usual shape of an e-mail address; whether it exists is known when something is sent. */
export function isEmail(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+\.[^\s@<>"(),:;[\]\\.]{2,}$/u.test(text) &&
    isCleanText(text)
  );
}

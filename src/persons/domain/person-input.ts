import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';
import { isLanguageCode } from '../../shared/message-languages.js';
import { parsePhone } from '../../shared/phone-number.js';
import {
  isAppi,
  isBirthDate,
  isCleanText,
  isEmail,
  isName,
  PhoneInvalid,
  tidyAppi,
  tidyName,
} from './person.js';

/** What an agent or a program says of a person. Absent: not said; null: erased. */
export interface PersonInput {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly birthDate?: string | null | undefined;
  readonly phone?: string | null | undefined;
  /** Hint for a number typed without country code. */
  readonly territory?: string | null | undefined;
  readonly noPhone?: boolean | null | undefined;
  readonly email?: string | null | undefined;
  readonly appiNumber?: string | null | undefined;
  readonly language?: string | null | undefined;
  /** `standard` or `discreet`. */
  readonly register?: string | null | undefined;
}

export interface PhoneFacts {
  readonly phoneE164: string | null;
  readonly phoneMobile: boolean;
  readonly phoneTerritory: string | null;
}

/** The same, tidied and checked, ready for the row. */
export interface PersonFacts extends Partial<PhoneFacts> {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly birthDate?: string | null;
  readonly noPhone?: boolean;
  readonly email?: string | null;
  readonly appiNumber?: string | null;
  readonly language?: string;
  readonly register?: string;
}

interface Check {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly holds: boolean;
}

/**
 * @param today at the office, `YYYY-MM-DD`
 * @param territory where the office is, when the input gives no hint
 * @throws ValidationFailed naming every faulty field at once; PhoneInvalid
 */
export function readPerson(input: PersonInput, today: string, territory: string): PersonFacts {
  const facts = tidy(input);
  const errors = checks(input, facts, today).flatMap(({ holds, ...error }) => (holds ? [] : [error]));
  if (errors.length > 0) throw new ValidationFailed(errors satisfies FieldError[]);
  return { ...facts, ...phoneFacts(input, territory) };
}

export const NO_PHONE_FACTS: PhoneFacts = {
  phoneE164: null,
  phoneMobile: false,
  phoneTerritory: null,
};

type TidyFacts = Omit<PersonFacts, keyof PhoneFacts>;

function tidy(input: PersonInput): TidyFacts {
  const blankToNull = (text: string | null, tidied: (typed: string) => string) =>
    text === null || text.trim() === '' ? null : tidied(text);
  return {
    ...(input.firstName !== undefined && { firstName: tidyName(input.firstName ?? '') }),
    ...(input.lastName !== undefined && { lastName: tidyName(input.lastName ?? '') }),
    ...(input.birthDate !== undefined && {
      birthDate: blankToNull(input.birthDate, (typed) => typed.trim()),
    }),
    ...(input.noPhone !== undefined && { noPhone: input.noPhone ?? false }),
    ...(input.email !== undefined && { email: blankToNull(input.email, (typed) => typed.trim()) }),
    ...(input.appiNumber !== undefined && { appiNumber: blankToNull(input.appiNumber, tidyAppi) }),
    ...(input.language !== undefined && {
      language: blankToNull(input.language, (typed) => typed.trim()) ?? 'fr',
    }),
    ...(input.register !== undefined && { register: input.register ?? 'standard' }),
  };
}

function checks(input: PersonInput, facts: TidyFacts, today: string): Check[] {
  const { firstName, lastName, birthDate, email, appiNumber, language, register } = facts;
  const phone = input.phone ?? '';
  return [
    named('lastName', lastName === undefined || isName(lastName)),
    named('firstName', firstName === undefined || isName(firstName)),
    {
      field: 'birthDate',
      code: 'birth-date',
      message: 'a real day, at least 16 years ago, not before 1900',
      holds: birthDate == null || isBirthDate(birthDate, today),
    },
    {
      field: 'email',
      code: 'email',
      message: 'not an e-mail address',
      holds: email == null || isEmail(email),
    },
    {
      field: 'appiNumber',
      code: 'appi-number',
      message: 'not an APPI number',
      holds: appiNumber == null || isAppi(appiNumber),
    },
    {
      field: 'language',
      code: 'language',
      message: 'a language code of two or three letters, or fr-simple',
      holds: language === undefined || isLanguageCode(language) || /^[a-z]{2,3}$/.test(language),
    },
    {
      field: 'register',
      code: 'register',
      message: 'standard or discreet',
      holds: register === undefined || register === 'standard' || register === 'discreet',
    },
    {
      field: 'phone',
      code: 'no-phone',
      message: 'either a number or no phone',
      holds: !(input.noPhone === true && phone.trim() !== ''),
    },
    { field: 'phone', code: 'text', message: 'not readable', holds: isCleanText(phone) },
  ];
}

function named(field: string, holds: boolean): Check {
  return { field, code: 'name', message: 'at least one letter, at most 100 characters', holds };
}

function phoneFacts(input: PersonInput, territory: string): Partial<PhoneFacts> {
  if (input.noPhone === true) return NO_PHONE_FACTS;
  if (input.phone === undefined) return {};
  const typed = (input.phone ?? '').trim();
  if (typed === '') return NO_PHONE_FACTS;
  const phone = parsePhone(typed, input.territory ?? territory);
  if (!phone.valid || phone.e164 === null) throw new PhoneInvalid();
  return {
    phoneE164: phone.e164,
    phoneMobile: phone.mobile,
    phoneTerritory: phone.territory,
  };
}

import { dateForMessage, dayForMessage, hourForMessage, momentForMessage } from '../../shared/sms-dates.js';
import { languageOf, type LanguageCode } from '../../shared/message-languages.js';
import type { Instant, LocalTime } from '../../shared/time.js';

/** What a text may hold between braces, by the names services know. */
export const TEMPLATE_VARIABLES = [
  'rdv.quand',
  'rdv.jour',
  'rdv.date',
  'rdv.heure',
  'lieu.nom',
  'lieu.adresse',
  'lieu.téléphone',
  'lieu.contact',
  'lieu.lien_info',
  'stop',
] as const;
export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];
/** The value of each, as it will be read. */
export type MessageVariables = Readonly<Record<TemplateVariable, string>>;

/** Those whose value is a web address: nothing may follow them. */
export const LINK_VARIABLES: readonly TemplateVariable[] = ['lieu.lien_info', 'stop'];

/** @param name as typed between the braces */
export function variableNamed(name: string): TemplateVariable | undefined {
  return TEMPLATE_VARIABLES.find((known) => known === name.trim().normalize('NFC'));
}

/** Those that a template names. */
export function variablesIn(template: string): readonly TemplateVariable[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].flatMap(([, name = '']) => variableNamed(name) ?? []);
}

/** What a message may say. Never a name of a person, an offence or a measure. */
export interface RenderSource {
  readonly promise: LocalTime;
  /** When the text leaves: « demain » is true then. */
  readonly now: Instant;
  /** In which the template is written. */
  readonly language: LanguageCode;
  readonly place: {
    readonly name: string;
    readonly address: string;
    readonly phone: string | null;
    readonly email: string | null;
    readonly contactMethod: 'phone' | 'email';
    readonly informationUrl: string | null;
  };
  /** False for types that take place elsewhere (home visit, telephone): the address is empty. */
  readonly showsAddress: boolean;
  readonly stopUrl: string | null;
}

/**
 * The values, each on one line as it will be read, also inside a text written from right to left. Dates are worked
 * out when asked: a text names one of them.
 */
export function messageVariables(source: RenderSource): MessageVariables {
  const { promise, now, language, place, showsAddress, stopUrl } = source;
  const shown = (value: string | null) => asRead(plainSpaces(value ?? ''), language);
  const phone = shown(place.phone === null ? '' : nationalPhone(place.phone, language));
  const email = shown(place.email);
  return {
    get 'rdv.quand'() {
      return momentForMessage(promise, now, language);
    },
    get 'rdv.jour'() {
      return dayForMessage(promise, now, language);
    },
    get 'rdv.date'() {
      return dateForMessage(promise.date, language);
    },
    get 'rdv.heure'() {
      return hourForMessage(promise.time, language);
    },
    'lieu.nom': shown(place.name),
    'lieu.adresse': showsAddress ? shown(place.address) : '',
    'lieu.téléphone': phone,
    'lieu.contact': place.contactMethod === 'email' ? email || phone : phone || email,
    'lieu.lien_info': plainSpaces(place.informationUrl ?? ''),
    stop: stopUrl ?? '',
  };
}

/** Every run of spaces becomes one plain space (a non-breaking one would leave the GSM alphabet); lines stay. */
export function plainSpaces(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim();
}

const LEFT_TO_RIGHT = '\u2066';
const END_OF_ISOLATE = '\u2069';

/**
 * In a text from right to left, « 94 rue X » would be shown with its number at the wrong end: it is isolated, two
 * characters more. Plain digits need nothing. A web address is not: what follows it could be taken into the link.
 */
export function asRead(value: string, language: LanguageCode): string {
  if (!languageOf(language).rightToLeft || /^\d*$/.test(value)) return value;
  return `${LEFT_TO_RIGHT}${value}${END_OF_ISOLATE}`;
}

/** `+33147250000` → `01 47 25 00 00`; a number of another country stays international. */
function nationalPhone(phone: string, language: LanguageCode): string {
  const national =
    /^\+33(\d)((?:\d\d){4})$/.exec(phone) ?? /^\+(?:590|594|596|262)(\d)((?:\d\d){4})$/.exec(phone);
  if (national === null) return phone;
  const digits = `0${national[1]}${national[2]}`;
  // Pairs would be read in the wrong order from right to left.
  return languageOf(language).rightToLeft ? digits : digits.replace(/(\d\d)(?=\d)/g, '$1 ');
}

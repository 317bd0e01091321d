import { dateForSms, hourForSms } from '../../shared/french-dates.js';

/** The text cannot be sent as it is written; the message fails, the others go on. */
export class TemplateUnrenderable extends Error {}

export const TEMPLATE_VARIABLES = [
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
export type MessageVariables = Readonly<Record<TemplateVariable, string>>;

/** What a message may say. Never a name of a person, an offence or a measure. */
export interface RenderSource {
  readonly promise: { readonly date: string; readonly time: string };
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

export function messageVariables({ promise, place, showsAddress, stopUrl }: RenderSource): MessageVariables {
  const phone = place.phone === null ? '' : nationalPhone(place.phone);
  const email = place.email ?? '';
  return {
    'rdv.date': dateForSms(promise.date),
    'rdv.heure': hourForSms(promise.time),
    'lieu.nom': plainSpaces(place.name),
    'lieu.adresse': showsAddress ? plainSpaces(place.address) : '',
    'lieu.téléphone': phone,
    'lieu.contact': place.contactMethod === 'email' ? email || phone : phone || email,
    'lieu.lien_info': place.informationUrl ?? '',
    stop: stopUrl ?? '',
  };
}

const PLACEHOLDER = /(,? *)\{([^{}]*)\}/g;

/**
 * Puts the values in place of `{rdv.date}` and the others, and nothing else: `%`, `$&` or a brace in a value stay
 * as they are. What is empty (no address for a home visit) goes with the comma or space before it.
 * @throws TemplateUnrenderable on an unknown variable, a brace left alone or an empty result
 */
export function renderTemplate(template: string, variables: MessageVariables): string {
  if (/[{}]/.test(template.replace(PLACEHOLDER, ''))) throw new TemplateUnrenderable('a brace stands alone');
  const rendered = template.replace(PLACEHOLDER, (_, before: string, name: string) => {
    const variable = TEMPLATE_VARIABLES.find((known) => known === name.trim().normalize('NFC'));
    if (variable === undefined) throw new TemplateUnrenderable('unknown variable');
    const value = variables[variable];
    return value === '' ? '' : `${before}${value}`;
  });
  const text = plainSpaces(rendered);
  if (text === '') throw new TemplateUnrenderable('the text is empty');
  return text;
}

/** No full stop after a link or an e-mail address: some phones would take it into the address. */
export function withStopLink(text: string, url: string): string {
  const open = /[^\s.!?]$/.test(text) && !/(:\/\/|@)\S*$/.test(text);
  return `${text}${open ? '.' : ''} Stop SMS : ${url}`;
}

/** Every run of spaces becomes one plain space (a non-breaking one would leave the GSM alphabet); lines stay. */
function plainSpaces(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .trim();
}

/** `+33147250000` → `01 47 25 00 00`; a number of another country stays international. */
function nationalPhone(phone: string): string {
  const national =
    /^\+33(\d)((?:\d\d){4})$/.exec(phone) ?? /^\+(?:590|594|596|262)(\d)((?:\d\d){4})$/.exec(phone);
  if (national === null) return plainSpaces(phone);
  return `0${national[1]} ${(national[2] ?? '').replace(/(\d\d)(?=\d)/g, '$1 ')}`;
}

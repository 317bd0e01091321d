import { DomainError } from '../../shared/domain-error.js';
import { dateForSms, hourForSms } from '../../shared/french-dates.js';

/** The text cannot be written: an unknown variable, an unbalanced brace, or nothing left of it. */
export class TemplateUnrenderable extends DomainError {
  readonly code = 'template-unrenderable';
  override readonly field = 'text';
}

export const TEMPLATE_VARIABLES = [
  'rdv.date',
  'rdv.heure',
  'lieu.nom',
  'lieu.adresse',
  'lieu.téléphone',
  'lieu.contact',
  'lieu.lien_info',
] as const;
export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];
export type MessageVariables = Readonly<Record<TemplateVariable, string>>;

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
  readonly showsAddress: boolean;
}

/** A French number as people read it (`01 47 25 00 00`), any other as it is. */
function readable(phone: string | null): string {
  const french = /^\+33(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(phone ?? '');
  return french === null ? (phone ?? '') : `0${french.slice(1).join(' ')}`;
}

export function messageVariables({ promise, place, showsAddress }: RenderSource): MessageVariables {
  const phone = readable(place.phone);
  return {
    'rdv.date': dateForSms(promise.date),
    'rdv.heure': hourForSms(promise.time),
    'lieu.nom': place.name,
    'lieu.adresse': showsAddress ? place.address : '',
    'lieu.téléphone': phone,
    'lieu.contact': place.contactMethod === 'email' ? (place.email ?? phone) : phone,
    'lieu.lien_info': place.informationUrl ?? '',
  };
}

const BRACES = /\{([^{}]*)\}|[{}]/g;

/**
 * The text with its variables replaced; `{{` and `}}` stand for the braces themselves. Values are taken as they
 * are: a percent sign, a dollar or a brace in a name changes nothing.
 * @throws TemplateUnrenderable
 */
export function renderTemplate(template: string, variables: MessageVariables): string {
  const text = template
    .normalize('NFC')
    .split(/(\{\{|\}\})/)
    .map((part) => (part === '{{' ? '{' : part === '}}' ? '}' : replaceIn(part, variables)))
    .join('')
    .replace(/[ \t]+/g, ' ')
    .replace(/ +([.,])/g, '$1')
    .trim();
  if (text === '') throw new TemplateUnrenderable('nothing is left of the text');
  return text;
}

function replaceIn(part: string, variables: MessageVariables): string {
  return part.replace(BRACES, (brace, name: string | undefined) => {
    const variable = TEMPLATE_VARIABLES.find((known) => known === name?.trim());
    if (variable === undefined)
      throw new TemplateUnrenderable(`unknown variable or lonely brace: ${brace.slice(0, 40)}`);
    return variables[variable];
  });
}

/** The link by which messages are stopped, last, with no sign after it that a phone would take for its end. */
export function withStopLink(text: string, url: string): string {
  return `${text} Stop SMS: ${url}`;
}

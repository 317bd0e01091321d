import { TIME_ZONES } from './time-zones.js';
import type { OrganizationKind } from '../../access/domain/roles.js';
import type { FieldError } from '../../shared/domain-error.js';
import { isTimeZone } from '../../shared/time.js';
import { CALENDARS } from './calendar.js';

const LONGEST_NAME = 120;
const LONGEST_ADDRESS = 300;
const SIRET = /^\d{14}$/;
const DOMAIN = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/;
const MOST_DOMAINS = 20;

export interface OrganizationWishes {
  readonly name: string;
  readonly timeZone: string;
  readonly calendar: string;
  readonly email: string | null;
  /** What an OpenID provider must say of an agent who first signs in there: 14 digits, or null. */
  readonly siret: string | null;
  /** Domains of agents' addresses, asked for when there is no SIRET; empty with it: nobody is bound. */
  readonly emailDomains: readonly string[];
}

export interface PlaceWishes {
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
  /** E.164 */
  readonly phone: string | null;
  readonly email: string | null;
  readonly contactMethod: string;
  readonly informationUrl: string | null;
}

const fault = (field: string, code: string, message: string): FieldError => ({ field, code, message });

export function organizationFaults(wishes: OrganizationWishes): FieldError[] {
  const { name, timeZone, calendar, email, siret, emailDomains } = wishes;
  const calendars: readonly string[] = CALENDARS;
  return [
    ...nameFaults(name),
    ...zoneFaults(timeZone),
    ...(calendars.includes(calendar) ? [] : [fault('calendar', 'isIn', 'a known calendar')]),
    ...emailFaults(email),
    ...(siret === null || isSiret(siret) ? [] : [fault('siret', 'malformed', '14 digits')]),
    ...(areDomains(emailDomains) ? [] : [fault('emailDomains', 'malformed', 'at most 20 domains')]),
  ];
}

export function isSiret(text: string): boolean {
  return SIRET.test(text);
}

/** In lower case. */
export function areDomains(domains: readonly string[]): boolean {
  return domains.length <= MOST_DOMAINS && domains.every((one) => DOMAIN.test(one) && one.length <= 253);
}

export function placeFaults(wishes: PlaceWishes): FieldError[] {
  const { address, contactMethod, phone, email, informationUrl } = wishes;
  const contact = contactMethod === 'phone' ? phone : contactMethod === 'email' ? email : null;
  return [
    ...nameFaults(wishes.name),
    ...(isBetween(address, LONGEST_ADDRESS) ? [] : [fault('address', 'length', `1 to ${LONGEST_ADDRESS}`)]),
    ...zoneFaults(wishes.timeZone),
    ...emailFaults(email),
    ...(contact === null ? [fault('contactMethod', 'missing', 'a phone or an e-mail to call')] : []),
    ...(informationUrl === null || isPage(informationUrl)
      ? []
      : [fault('informationUrl', 'malformed', 'http or https, at most 300 characters')]),
  ];
}

export function nameFaults(name: string): FieldError[] {
  return isBetween(name, LONGEST_NAME) ? [] : [fault('name', 'length', `1 to ${LONGEST_NAME} characters`)];
}

/** A court links to SPIPs only, a SPIP to courts only. */
export function linkFaults(kind: OrganizationKind, linked: readonly OrganizationKind[]): FieldError[] {
  return linked.every((other) => other !== kind) ? [] : [fault('links', 'kind', 'a court and a SPIP')];
}

/** Promises made in one zone would be read in another. */
export function zoneChangeFaults(isChanged: boolean, future: number): FieldError[] {
  return isChanged && future > 0
    ? [fault('timeZone', 'future-convocations', `${future} convocations to come`)]
    : [];
}

/** Nobody is left with a promise at a place that is no more. */
export function archiveFaults(future: number): FieldError[] {
  return future > 0 ? [fault('archive', 'future-convocations', `${future} convocations to come`)] : [];
}

function zoneFaults(timeZone: string): FieldError[] {
  return TIME_ZONES.includes(timeZone) && isTimeZone(timeZone)
    ? []
    : [fault('timeZone', 'isIn', 'a zone of France')];
}

function emailFaults(email: string | null): FieldError[] {
  const isFine =
    email === null || (email.length <= 200 && /^[^\s@<>,;]+@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+$/.test(email));
  return isFine ? [] : [fault('email', 'isEmail', 'an e-mail address')];
}

function isBetween(text: string, most: number): boolean {
  return text.length > 0 && text.length <= most;
}

function isPage(text: string): boolean {
  return text.length <= 300 && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

import { Temporal } from 'temporal-polyfill';
import {
  ORGANIZATION_KINDS,
  type OrganizationKind,
  type Role,
  ROLES,
  ROLES_BY_KIND,
} from '../access/domain/roles.js';
import { CALENDARS, type Calendar } from '../organizations/domain/calendar.js';
import { areDomains, isSiret } from '../organizations/domain/console-faults.js';
import { parsePhone } from '../shared/phone-number.js';
import { type MapReader, type TextRule, YamlReader } from './yaml-reader.js';

/** What `apply FILE` creates: names are the keys, so that the same file may be applied again. */
export interface ServiceFile {
  readonly organizations: readonly OrganizationEntry[];
  readonly links: readonly { readonly court: string; readonly spip: string }[];
}

export interface OrganizationEntry {
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly email: string | null;
  readonly sendsOnClosedDays: boolean;
  readonly rolledOutOn: string | null;
  /** Expected of an agent who first signs in through ProConnect. */
  readonly siret: string | null;
  /** Expected of that agent's address when there is no SIRET. */
  readonly emailDomains: readonly string[];
  readonly places: readonly PlaceEntry[];
  readonly agents: readonly AgentEntry[];
}

export interface PlaceEntry {
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
  /** E.164 */
  readonly phone: string | null;
  readonly email: string | null;
  readonly contactMethod: 'phone' | 'email';
  readonly informationUrl: string | null;
  readonly closingDays: readonly { readonly date: string; readonly label: string }[];
  readonly agendas: readonly AgendaEntry[];
}

export interface AgendaEntry {
  readonly name: string;
  readonly weeklySlots: readonly WeeklySlotEntry[];
}

export interface WeeklySlotEntry {
  readonly typeCode: string;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly time: string;
  readonly durationMinutes: number;
  readonly capacity: number;
}

export interface AgentEntry {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: Role;
}

export interface TypeOfFile {
  readonly code: string;
  readonly placeKind: OrganizationKind | null;
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const oneOf = (values: readonly string[]): TextRule => ({
  accepts: (text) => values.includes(text),
  expected: `one of ${values.join(', ')}`,
});
const DATE: TextRule = {
  accepts: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isDate(text),
  expected: 'a date, YYYY-MM-DD',
};
const TIME: TextRule = {
  accepts: (text) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text),
  expected: 'an hour, "HH:mm" in quotes',
};
const ZONE: TextRule = { accepts: isZone, expected: 'an IANA time zone such as Europe/Paris' };
const EMAIL: TextRule = {
  accepts: (text) => text.length <= 254 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text),
  expected: 'an e-mail address',
};
const SIRET: TextRule = { accepts: isSiret, expected: 'a SIRET, 14 digits' };
const DOMAINS: TextRule = {
  accepts: (text) => areDomains(text.split(/,\s*/)),
  expected: 'domains in lower case, with commas between them',
};
const PHONE: TextRule = { accepts: (text) => parsePhone(text).valid, expected: 'a phone number that exists' };
const URL_RULE: TextRule = {
  accepts: (text) => /^https?:\/\//.test(text) && URL.canParse(text),
  expected: 'an address beginning with http',
};
const NAME: TextRule = { accepts: (text) => text.length <= 200, expected: 'at most 200 characters' };

/**
 * @param types the appointment types that exist
 * @throws FileFaults naming every faulty line
 */
export function readServiceFile(text: string, types: readonly TypeOfFile[]): ServiceFile {
  const reader = new YamlReader();
  const root = reader.read(text);
  const file: ServiceFile = {
    organizations: root.list('organizations', (item) => organization(item, types)),
    links: root.list('links', (item) => ({ court: item.text('court'), spip: item.text('spip') })),
  };
  root.refuseUnknown();
  refuseTwins(root, file);
  reader.end();
  return file;
}

function organization(item: MapReader, types: readonly TypeOfFile[]): OrganizationEntry {
  const kind = item.text('kind', oneOf(ORGANIZATION_KINDS)) as OrganizationKind;
  const timeZone = item.text('timeZone', ZONE);
  return {
    name: item.text('name', NAME),
    kind,
    timeZone,
    calendar: item.text('calendar', oneOf(CALENDARS)) as Calendar,
    email: item.optionalText('email', EMAIL),
    sendsOnClosedDays: item.flag('sendsOnClosedDays', true),
    rolledOutOn: item.optionalText('rolledOutOn', DATE),
    siret: item.optionalText('siret', SIRET),
    emailDomains: (item.optionalText('emailDomains', DOMAINS) ?? '').split(/,\s*/).filter(Boolean),
    places: item.list('places', (one) =>
      place(
        one,
        timeZone,
        types.filter((t) => t.placeKind === null || t.placeKind === kind || !(kind in ROLES_BY_KIND)),
      ),
    ),
    agents: item.list('agents', (one) => agent(one, kind)),
  };
}

function place(item: MapReader, timeZone: string, types: readonly TypeOfFile[]): PlaceEntry {
  const phone = item.optionalText('phone', PHONE);
  const email = item.optionalText('email', EMAIL);
  const contactMethod = (item.optionalText('contactMethod', oneOf(['phone', 'email'])) ?? 'phone') as
    'phone' | 'email';
  if (!item.has(contactMethod)) item.fault(`${contactMethod} is missing: texts give it as the contact`);
  return {
    name: item.text('name', NAME),
    address: item.text('address', NAME),
    timeZone: item.optionalText('timeZone', ZONE) ?? timeZone,
    phone: phone === null ? null : parsePhone(phone).e164,
    email,
    contactMethod,
    informationUrl: item.optionalText('informationUrl', URL_RULE),
    closingDays: item.list('closingDays', (day) => ({
      date: day.text('date', DATE),
      label: day.text('label', NAME),
    })),
    agendas: item.list('agendas', (one) => ({
      name: one.text('name', NAME),
      weeklySlots: one.list('weeklySlots', (slot) => weeklySlot(slot, types)),
    })),
  };
}

function weeklySlot(item: MapReader, types: readonly TypeOfFile[]): WeeklySlotEntry {
  return {
    typeCode: item.text('type', oneOf(types.map(({ code }) => code))),
    weekday: WEEKDAYS.indexOf(item.text('weekday', oneOf(WEEKDAYS))) + 1,
    time: item.text('time', TIME),
    durationMinutes: item.integer('durationMinutes', 5, 600),
    capacity: item.integer('capacity', 1, 500),
  };
}

function agent(item: MapReader, kind: OrganizationKind): AgentEntry {
  return {
    email: item.text('email', EMAIL).toLowerCase(),
    firstName: item.text('firstName', NAME),
    lastName: item.text('lastName', NAME),
    // A kind that is a fault already leaves every role open.
    role: item.text('role', oneOf(kind in ROLES_BY_KIND ? ROLES_BY_KIND[kind] : ROLES)) as Role,
  };
}

/** Names are keys: the same one twice in one file would make the second silently win. */
function refuseTwins(root: MapReader, { organizations }: ServiceFile): void {
  const keys = organizations.flatMap((o) => [
    `organization ${o.name}`,
    ...o.agents.map(({ email }) => `agent ${email}`),
    ...o.places.flatMap((p) => [
      `place ${p.name} of ${o.name}`,
      ...p.closingDays.map(({ date }) => `closing day ${date} of ${p.name}, ${o.name}`),
      ...p.agendas.flatMap((a) => [
        `agenda ${a.name} of ${p.name}, ${o.name}`,
        ...a.weeklySlots.map(
          (s) =>
            `weekly slot ${s.typeCode} ${WEEKDAYS[s.weekday - 1] ?? ''} ${s.time} of ${a.name}, ${p.name}, ${o.name}`,
        ),
      ]),
    ]),
  ]);
  for (const twin of new Set(keys.filter((key, i) => keys.indexOf(key) !== i)))
    root.fault(`${twin} is written twice`);
}

function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

function isZone(text: string): boolean {
  return text.includes('/') && Intl.supportedValuesOf('timeZone').concat(EXTRA_ZONES).includes(text);
}

/** Names of the territories that Node accepts but folds into another name in its list. */
const EXTRA_ZONES = ['America/Marigot', 'America/St_Barthelemy', 'America/Guadeloupe', 'America/Martinique'];

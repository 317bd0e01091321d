import type { OrganizationKind } from '../../src/access/domain/roles.js';
import type { Calendar } from '../../src/organizations/domain/calendar.js';
import type { Territory } from './phones.js';

export interface DemoService {
  /** Stable name of the service inside the demo world. */
  readonly key: string;
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly territory: Territory;
  readonly placeName: string;
  readonly address: string;
  readonly phone: string;
  readonly agendas: readonly string[];
  /** Persons registered by it. */
  readonly persons: number;
  /** Persons registered by it after everybody else's: older databases know the first ones by their rank. */
  readonly morePersons: number;
}

const spip = { kind: 'spip', persons: 10, morePersons: 14, agendas: ['Bureau 1'] } as const;
const court = {
  kind: 'tj',
  persons: 0,
  morePersons: 0,
  agendas: ['Cabinet du JAP', 'Bureau de l’exécution des peines'],
} as const;
const paris = { timeZone: 'Europe/Paris', calendar: 'metropole', territory: 'FR' } as const;
const cayenne = { timeZone: 'America/Cayenne', calendar: 'guyane', territory: 'GF' } as const;
const reunion = { timeZone: 'Indian/Reunion', calendar: 'la-reunion', territory: 'RE' } as const;

/** Fictional services at real hours: three large ones with their courts, and one per other clock of the Republic. */
export const SERVICES: readonly DemoService[] = [
  {
    ...spip,
    ...paris,
    key: 'spip-92',
    name: 'SPIP 92 Nanterre',
    placeName: 'SPIP 92 Nanterre',
    address: '18 rue des Cordiers, 92000 Nanterre',
    phone: '+33199005192',
    agendas: ['Bureau 1', 'Bureau 2', 'Bureau 3', 'Bureau 4', 'Sorties d’audience'],
    persons: 170,
    morePersons: 60,
  },
  {
    ...court,
    ...paris,
    key: 'tj-92',
    name: 'TJ Nanterre',
    placeName: 'TJ Nanterre',
    address: '3 place des Tilleuls, 92000 Nanterre',
    phone: '+33199005193',
  },
  {
    ...spip,
    ...cayenne,
    key: 'spip-973',
    name: 'SPIP Guyane',
    placeName: 'SPIP de Cayenne',
    address: '12 rue des Balisiers, 97300 Cayenne',
    phone: '+594594300973',
    agendas: ['Bureau 1', 'Bureau 4', 'Sorties d’audience'],
    persons: 80,
    morePersons: 190,
  },
  {
    ...court,
    ...cayenne,
    key: 'tj-973',
    name: 'TJ Cayenne',
    placeName: 'TJ Cayenne',
    address: '5 avenue des Palmistes, 97300 Cayenne',
    phone: '+594594301973',
  },
  {
    ...spip,
    ...reunion,
    key: 'spip-974',
    name: 'SPIP La Réunion',
    placeName: 'SPIP de Saint-Denis',
    address: '7 rue des Filaos, 97400 Saint-Denis',
    phone: '+262262200974',
    agendas: ['Bureau 1', 'Bureau 2', 'Sorties d’audience'],
    persons: 80,
    morePersons: 0,
  },
  {
    ...court,
    ...reunion,
    key: 'tj-974',
    name: 'TJ Saint-Denis',
    placeName: 'TJ Saint-Denis',
    address: '2 rue des Vacoas, 97400 Saint-Denis',
    phone: '+262262201974',
  },
  {
    ...spip,
    key: 'spip-972',
    name: 'SPIP Martinique',
    timeZone: 'America/Martinique',
    calendar: 'martinique',
    territory: 'MQ',
    placeName: 'SPIP de Fort-de-France',
    address: '4 rue des Alizés, 97200 Fort-de-France',
    phone: '+596596500972',
  },
  {
    ...spip,
    key: 'spip-976',
    name: 'SPIP Mayotte',
    timeZone: 'Indian/Mayotte',
    calendar: 'mayotte',
    territory: 'YT',
    placeName: 'SPIP de Mamoudzou',
    address: '9 rue des Ylangs, 97600 Mamoudzou',
    phone: '+262269600976',
  },
  {
    ...spip,
    key: 'spip-975',
    name: 'SPIP Saint-Pierre-et-Miquelon',
    timeZone: 'America/Miquelon',
    calendar: 'saint-pierre-et-miquelon',
    territory: 'PM',
    placeName: 'SPIP de Miquelon',
    address: '1 rue des Graves, 97500 Miquelon-Langlade',
    phone: '+508410975',
  },
  {
    ...spip,
    key: 'spip-978',
    name: 'SPIP Saint-Martin',
    timeZone: 'America/Marigot',
    calendar: 'saint-martin',
    territory: 'MF',
    placeName: 'SPIP de Marigot',
    address: '6 rue des Salines, 97150 Marigot',
    phone: '+590590270978',
  },
  {
    ...spip,
    key: 'spip-988',
    name: 'SPIP Nouvelle-Calédonie',
    timeZone: 'Pacific/Noumea',
    calendar: 'nouvelle-caledonie',
    territory: 'NC',
    placeName: 'SPIP de Nouméa',
    address: '11 rue des Niaoulis, 98800 Nouméa',
    phone: '+687250988',
  },
  {
    ...spip,
    key: 'spip-987',
    name: 'SPIP Polynésie française',
    timeZone: 'Pacific/Tahiti',
    calendar: 'polynesie-francaise',
    territory: 'PF',
    placeName: 'SPIP de Papeete',
    address: '8 rue des Tiarés, 98713 Papeete',
    phone: '+68940500987',
  },
  {
    ...spip,
    key: 'spip-986',
    name: 'SPIP Wallis-et-Futuna',
    timeZone: 'Pacific/Wallis',
    calendar: 'wallis-et-futuna',
    territory: 'WF',
    placeName: 'SPIP de Mata-Utu',
    address: '2 route du Lagon, 98600 Mata-Utu',
    phone: '+681720986',
  },
];

/** Court and the probation service it summons for. */
export const LINKS: readonly (readonly [court: string, spip: string])[] = [
  ['tj-92', 'spip-92'],
  ['tj-973', 'spip-973'],
  ['tj-974', 'spip-974'],
];

export interface DemoOpening {
  readonly service: string;
  readonly agenda: string;
  readonly typeCode: string;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly time: string;
  readonly minutes: number;
  readonly capacity: number;
}

const hearingExits = (service: string): DemoOpening[] =>
  [1, 2, 4, 5].flatMap((weekday) =>
    ['09:00', '14:00'].map((time) => ({
      service,
      agenda: 'Sorties d’audience',
      typeCode: 'sortie-audience-spip',
      weekday,
      time,
      minutes: 60,
      capacity: 6,
    })),
  );

const courtOpenings = (service: string): DemoOpening[] => [
  {
    service,
    agenda: 'Cabinet du JAP',
    typeCode: 'sortie-audience-sap',
    weekday: 3,
    time: '09:30',
    minutes: 60,
    capacity: 8,
  },
  {
    service,
    agenda: 'Cabinet du JAP',
    typeCode: 'sap-ddse',
    weekday: 3,
    time: '14:00',
    minutes: 30,
    capacity: 4,
  },
];

/** Weekly openings: hearing exits at the three large services, the judge's list at their courts. */
export const OPENINGS: readonly DemoOpening[] = LINKS.flatMap(([tj, service]) => [
  ...hearingExits(service),
  ...courtOpenings(tj),
]);

export function serviceOf(key: string): DemoService {
  const found = SERVICES.find((service) => service.key === key);
  if (found === undefined) throw new Error(`no demo service ${key}`);
  return found;
}

import { Chance, idOf } from './chance.js';
import { landline, misbehavingMobile, mobile, type Territory } from './phones.js';
import { type DemoService, SERVICES } from './services.js';

/** Columns of `person`, plus where they are followed. */
export interface DemoPerson {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly search_key: string;
  readonly birth_date: string;
  readonly phone_e164: string | null;
  readonly phone_mobile: boolean;
  readonly phone_territory: Territory | null;
  readonly no_phone: boolean;
  readonly refused: boolean;
  readonly email: string | null;
  readonly appi_number: string | null;
  readonly register: 'standard' | 'discreet';
  readonly service: string;
  /** Other services that follow the person. */
  readonly alsoFollowedBy: readonly string[];
}

type Contact = Pick<
  DemoPerson,
  'phone_e164' | 'phone_mobile' | 'phone_territory' | 'no_phone' | 'refused' | 'email'
>;

const NO_CONTACT: Contact = {
  phone_e164: null,
  phone_mobile: false,
  phone_territory: null,
  no_phone: false,
  refused: false,
  email: null,
};

const FIRST_NAMES = (
  'Maëva Théo Lina Yanis Awa Hugo Salomé Ilyès Rosa Kévin Nora Aya Mathis Jade Karim Lou Enzo Fatou Nathan Inaya ' +
  'Léo Sarah Adam Manon Ibrahim Chloé Lucas Assia Gabriel Zoé Moussa Camille Tom Océane Bilal Élise Maxime Leïla Jules Mariama ' +
  'Antoine Yasmine Rayan Clara Samuel Naïma Axel Margaux Ousmane Éva Dylan Soraya Arthur Ninon Malik Agathe Wesley Romane'
).split(' ');

const LAST_NAMES = (
  'Toussine Brindille Farouelle Cordelier Kermadec Passerat Ourcade Marchadier Quintal Tarradel Delestaing Abrivel ' +
  'Bellocq-Ronce Chantrelle Darvoise Estrabol Fauvergue Garlantin Houspignol Isambrec Jarnevel Kerhuon-Lande Lamberoye Morfontel ' +
  'Nautrive Orvaleix Pertuisan Quincerot Rabastel Sourzac Tremouille Urvalois Vercoquin Wandrelle Yvernaud Zélandre Aubrelong ' +
  'Boisrenard Crouzival Dormelles Escoubiac Fleurandel Grandvial Hersivaux Joncherolle Labrunie-Sol Malpertuis'
).split(' ');

/** Endings at which the simulated operator misbehaves: a few persons have one, so that it can be watched. */
const MISBEHAVING: Readonly<Record<string, readonly number[]>> = {
  'spip-92': [91, 95, 97, 98, 99],
  'spip-973': [98],
  'spip-974': [97],
};

/** The 748 fictional persons, the same ones each time. */
export function demoPersons(): DemoPerson[] {
  let rank = 0;
  const many = (service: DemoService, from: number, count: number) =>
    Array.from({ length: count }, (_, i) => person(service, from + i, rank++));
  return [
    ...SERVICES.flatMap((service) => many(service, 0, service.persons)),
    ...SERVICES.flatMap((service) => many(service, service.persons, service.morePersons)),
  ];
}

/** Last then first name, lower case, without accents or punctuation. */
export function searchKey(lastName: string, firstName: string): string {
  return `${lastName} ${firstName}`
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

function person(service: DemoService, i: number, rank: number): DemoPerson {
  const chance = new Chance(`person ${rank}`);
  const first_name = FIRST_NAMES[rank % FIRST_NAMES.length] ?? '';
  const last_name = LAST_NAMES[(rank + Math.floor(rank / LAST_NAMES.length) * 3) % LAST_NAMES.length] ?? '';
  return {
    id: idOf(`person ${rank}`),
    first_name,
    last_name,
    search_key: searchKey(last_name, first_name),
    birth_date: `${chance.between(1962, 2007)}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`,
    ...contact(service, i, chance),
    appi_number: chance.happens(0.7) ? `DEMO-${String(100_000 + rank * 37)}` : null,
    register: chance.happens(0.08) ? 'discreet' : 'standard',
    service: service.key,
    alsoFollowedBy: rank === 0 ? ['spip-973'] : followedByCourt(service, chance),
  };
}

function contact(service: DemoService, i: number, chance: Chance): Contact {
  const territory = service.territory;
  const misbehaving = MISBEHAVING[service.key]?.[i - 20];
  const email = chance.happens(0.12) ? `personne${chance.between(1000, 9999)}@boite.example` : null;
  const withMobile: Contact = {
    ...NO_CONTACT,
    phone_e164: mobile(territory, i * 7 + 11),
    phone_mobile: true,
    phone_territory: territory,
    email,
  };
  if (misbehaving !== undefined)
    return { ...withMobile, phone_e164: misbehavingMobile(territory, misbehaving), email: null };
  if (i < 6) return withMobile;
  const draw = chance.next();
  if (i === 6 || draw < 0.05) return { ...withMobile, refused: true };
  if (i === 9 || draw < 0.09) return { ...NO_CONTACT, no_phone: true, email };
  if (draw < 0.13) return { ...withMobile, phone_e164: landline(territory, i * 3 + 5), phone_mobile: false };
  return withMobile;
}

function followedByCourt(service: DemoService, chance: Chance): string[] {
  const court = service.key.replace('spip', 'tj');
  return SERVICES.some(({ key }) => key === court) && chance.happens(0.25) ? [court] : [];
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

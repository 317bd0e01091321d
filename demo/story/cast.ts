import { Temporal } from 'temporal-polyfill';
import type { Stage } from './stage.js';

export interface Scene {
  readonly place: string;
  readonly service: string;
  /** Written here and not read from the service: the verdict must not lean on what it judges. */
  readonly timeZone: string;
}

export const NANTERRE: Scene = { place: 'Nanterre', service: 'SPIP 92 Nanterre', timeZone: 'Europe/Paris' };
export const CAYENNE: Scene = { place: 'Cayenne', service: 'SPIP Guyane', timeZone: 'America/Cayenne' };
export const REUNION: Scene = {
  place: 'Saint-Denis',
  service: 'SPIP La Réunion',
  timeZone: 'Indian/Reunion',
};

export interface Role {
  readonly lastName: string;
  readonly scene: Scene;
  /** E.164. */
  readonly phone: string;
  readonly email?: string;
  /** Wall clock of the convocation at the place. */
  readonly time: string;
  /** Whether a summons is asked for at booking. */
  readonly notify: boolean;
  readonly expectedTexts: number;
  readonly expectedMails: number;
}

export interface Player extends Role {
  readonly convocationId: string;
}

const watched = { time: '09:00', notify: true, expectedTexts: 2, expectedMails: 0 } as const;

/** The three whose reminder hour is watched, one at each clock. */
export const WATCHED: readonly Role[] = [
  { ...watched, lastName: 'Réunionnaise', scene: REUNION, phone: '+262692418811' },
  { ...watched, lastName: 'Nanterrien', scene: NANTERRE, phone: '+33611428812' },
  { ...watched, lastName: 'Cayennaise', scene: CAYENNE, phone: '+594694428813' },
];

/** Opens the link of the first text. */
export const STOPPER: Role = {
  ...watched,
  lastName: 'Lassé',
  scene: NANTERRE,
  phone: '+33611428814',
  expectedTexts: 1,
};

/** Has a landline and an address: gets mails. */
export const WRITTEN_TO: Role = {
  ...watched,
  lastName: 'Fixe',
  scene: NANTERRE,
  phone: '+33145428815',
  email: 'fixe@exemple.invalid',
  expectedTexts: 0,
  expectedMails: 2,
};

const CROWD = 12;

/** Reminded in the same minute, while the worker dies. */
export const CROWD_MEMBERS: readonly Role[] = Array.from({ length: CROWD }, (_, index) => ({
  lastName: `Foule${'abcdefghijkl'[index] ?? ''}`,
  scene: NANTERRE,
  phone: `+336114290${String(index + 10)}`,
  time: '15:00',
  notify: false,
  expectedTexts: 1,
  expectedMails: 0,
}));

/** Registers and books, as an agent of the service would. @throws Error when the service refuses */
export async function book(stage: Stage, role: Role, date: string): Promise<Player> {
  const { service } = role.scene;
  const person = await stage.must(service, 'POST', '/persons', {
    firstName: 'Histoire',
    lastName: role.lastName,
    phone: role.phone,
    ...(role.email === undefined ? {} : { email: role.email }),
  });
  const booked = await stage.api(service, 'POST', '/convocations', {
    personId: person['id'],
    typeCode: 'suivi-spip',
    agendaId: await firstAgenda(stage, service),
    date,
    time: role.time,
    notify: role.notify,
  });
  if (booked.status !== 201)
    throw new Error(`booking at ${role.scene.place}: ${booked.status} ${String(booked.body['code'])}`);
  return { ...role, convocationId: String(booked.body['id']) };
}

async function firstAgenda(stage: Stage, service: string): Promise<unknown> {
  const { items } = (await stage.must(service, 'GET', '/agendas')) as { items?: { id: string }[] };
  return items?.[0]?.id;
}

/** The instant of a wall clock at a place. */
export function instantAt(date: string, time: string, timeZone: string): string {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).toInstant().toString();
}

/** Date and wall clock of an instant at a place, to the minute. */
export function wallClock(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
}

export function plusDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

import { Temporal } from 'temporal-polyfill';

export interface Scene {
  readonly place: string;
  readonly service: string;
  /** Written here and not read from the service: the verdict must not lean on what it judges. */
  readonly timeZone: string;
}

export const NANTERRE: Scene = {
  place: 'Nanterre',
  service: 'SPIP 92 Nanterre',
  timeZone: 'Europe/Paris',
};
export const CAYENNE: Scene = { place: 'Cayenne', service: 'SPIP Guyane', timeZone: 'America/Cayenne' };
export const REUNION: Scene = {
  place: 'Saint-Denis de La Réunion',
  service: 'SPIP La Réunion',
  timeZone: 'Indian/Reunion',
};

/** A week without holiday or clock change at any of the places, whatever the day on which the story is played. */
export const BOOKED_AT = '2027-03-15T12:00:00Z';
const EVE = '2027-03-16';
export const DAY = '2027-03-17';
/** What leaves before this instant was told at booking, what leaves after it is a reminder. */
export const BETWEEN = Date.parse('2027-03-16T00:00:00Z');

export type Kind = 'summons' | 'reminder';
export type Channel = 'sms' | 'email';

export interface Role {
  readonly lastName: string;
  readonly scene: Scene;
  /** As an agent types it. */
  readonly phone: string;
  readonly email?: string;
  /** Where the messages must arrive: E.164 number or mail address. */
  readonly address: string;
  readonly channel: Channel;
  /** Wall clock of the convocation at the place. */
  readonly time: string;
  /** What the person must receive, once each; nothing else. */
  readonly expects: readonly Kind[];
}

export interface Player extends Role {
  readonly convocationId: string;
}

const watched = { time: '09:00', channel: 'sms', expects: ['summons', 'reminder'] } as const;

/** Booked by an agent on the pages. */
export const NANTERRIEN: Role = {
  ...watched,
  lastName: 'Nanterrien',
  scene: NANTERRE,
  phone: '06 11 42 88 12',
  address: '+33611428812',
};

/** Their reminder hour is watched, one at each clock; in the order in which it strikes nine. */
export const WATCHED: readonly Role[] = [
  {
    ...watched,
    lastName: 'Réunionnaise',
    scene: REUNION,
    phone: '0692 41 88 11',
    address: '+262692418811',
  },
  NANTERRIEN,
  { ...watched, lastName: 'Cayennaise', scene: CAYENNE, phone: '0694 42 88 13', address: '+594694428813' },
];

/** Opens the link of the first text: the reminder must not come. */
export const STOPPER: Role = {
  ...watched,
  lastName: 'Lassé',
  scene: NANTERRE,
  phone: '06 11 42 88 14',
  address: '+33611428814',
  expects: ['summons'],
};

/** A landline and an address: written to by mail. */
export const WRITTEN_TO: Role = {
  ...watched,
  lastName: 'Fixe',
  scene: NANTERRE,
  phone: '01 45 42 88 15',
  email: 'fixe@exemple.invalid',
  address: 'fixe@exemple.invalid',
  channel: 'email',
};

/** Reminded in the same minute, while the worker dies; they know their date already. */
export const CROWD: readonly Role[] = Array.from({ length: 12 }, (_, index) => ({
  lastName: `Foule ${'ABCDEFGHIJKL'[index] ?? ''}`,
  scene: NANTERRE,
  phone: `06 11 42 90 ${index + 10}`,
  address: `+336114290${index + 10}`,
  channel: 'sms',
  time: '15:00',
  expects: ['reminder'],
}));

/** Epoch milliseconds at which the reminder must leave: the promised wall clock, the day before, at the place. */
export function reminderHour({ time, scene }: Role): number {
  return Temporal.PlainDateTime.from(`${EVE}T${time}`).toZonedDateTime(scene.timeZone).epochMilliseconds;
}

/** Date and wall clock at a place, to the minute. */
export function wallClock(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
}

import { Temporal } from 'temporal-polyfill';

export const CALENDARS = [
  'metropole',
  'alsace-moselle',
  'guadeloupe',
  'guyane',
  'martinique',
  'mayotte',
  'la-reunion',
  'saint-pierre-et-miquelon',
  'saint-barthelemy',
  'saint-martin',
  'nouvelle-caledonie',
  'polynesie-francaise',
  'wallis-et-futuna',
] as const;
export type Calendar = (typeof CALENDARS)[number];

export interface Holiday {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** French, for screens. */
  readonly label: string;
  /** The text that sets it. */
  readonly source: string;
}

/** `MM-DD`, or a number of days after Easter Sunday. */
type DayOfYear = string | number;

interface Rule {
  readonly on: DayOfYear;
  readonly label: string;
  readonly source: string;
  readonly fromYear?: number;
  readonly untilYear?: number;
}

const NATIONAL_SOURCE = 'Code du travail, art. L3133-1';
const ABOLITION_SOURCE = 'Code du travail, art. L3422-2 ; loi n° 83-550 du 30 juin 1983';
const LOCAL_SOURCE = 'Droit local : Code du travail, art. L3134-13';
const POLYNESIA_SOURCE = 'Code du travail de la Polynésie française, jours fériés';

const GOOD_FRIDAY = -2;

/** The eleven of the mainland; the labour codes of the Pacific list the same ones. */
const NATIONAL: readonly Rule[] = (
  [
    ['01-01', 'Jour de l’an'],
    [1, 'Lundi de Pâques'],
    ['05-01', 'Fête du Travail'],
    ['05-08', 'Victoire de 1945'],
    [39, 'Ascension'],
    [50, 'Lundi de Pentecôte'],
    ['07-14', 'Fête nationale'],
    ['08-15', 'Assomption'],
    ['11-01', 'Toussaint'],
    ['11-11', 'Armistice de 1918'],
    ['12-25', 'Noël'],
  ] as const
).map(([on, label]) => ({ on, label, source: NATIONAL_SOURCE }));

const abolition = (on: string): Rule => ({ on, label: 'Abolition de l’esclavage', source: ABOLITION_SOURCE });

/**
 * What each calendar adds. Feasts by custom are closing days of a place, not rows here: 21 July and Good Friday
 * in Guadeloupe and Martinique, the Muslim feasts of Mayotte, 29 June in Wallis.
 */
const LOCAL: Readonly<Record<Calendar, readonly Rule[]>> = {
  metropole: [],
  'alsace-moselle': [
    // The law says: in communes with a Protestant or a shared church. Services keep it everywhere.
    { on: GOOD_FRIDAY, label: 'Vendredi saint', source: LOCAL_SOURCE },
    { on: '12-26', label: 'Deuxième jour de Noël', source: LOCAL_SOURCE },
  ],
  guadeloupe: [abolition('05-27')],
  guyane: [abolition('06-10')],
  martinique: [abolition('05-22')],
  mayotte: [abolition('04-27')],
  'la-reunion': [abolition('12-20')],
  'saint-pierre-et-miquelon': [],
  'saint-barthelemy': [abolition('10-09')],
  // L3422-2 says 27 May. Since 2018 circulars let the collectivity mark 28 May, which the law does not know yet.
  'saint-martin': [abolition('05-27')],
  'nouvelle-caledonie': [
    {
      on: '09-24',
      label: 'Fête de la citoyenneté',
      source: 'Code du travail de Nouvelle-Calédonie, fêtes légales',
    },
  ],
  'polynesie-francaise': [
    { on: '03-05', label: 'Arrivée de l’Évangile', source: POLYNESIA_SOURCE },
    { on: GOOD_FRIDAY, label: 'Vendredi saint', source: POLYNESIA_SOURCE },
    { on: '06-29', label: 'Fête de l’autonomie', source: POLYNESIA_SOURCE, untilYear: 2024 },
    {
      on: '11-20',
      label: 'Matari’i i ni’a',
      source: `${POLYNESIA_SOURCE} ; loi du pays adoptée le 6 mai 2025`,
      fromYear: 2025,
    },
  ],
  // 29 June (Saints Pierre et Paul) is kept by some; no text was found that sets it.
  'wallis-et-futuna': [
    { on: '04-28', label: 'Saint Pierre Chanel', source: 'Réglementation territoriale de Wallis-et-Futuna' },
    { on: '07-29', label: 'Fête du Territoire', source: 'Réglementation territoriale de Wallis-et-Futuna' },
  ],
};

/** The days set by law in a calendar, in order; two may fall on the same date (1 May and Ascension, 2008). */
export function holidays(calendar: Calendar, year: number): readonly Holiday[] {
  const easter = easterSunday(year);
  return [...NATIONAL, ...LOCAL[calendar]]
    .filter((rule) => year >= (rule.fromYear ?? year) && year <= (rule.untilYear ?? year))
    .map(({ on, label, source }) => ({ date: dateOf(on, easter), label, source }))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

export function isHoliday(calendar: Calendar, date: string): boolean {
  return holidayDates(calendar, Number(date.slice(0, 4))).has(date);
}

/** A Sunday or a holiday: where a service asks for it, nothing leaves that day. */
export function isClosedDay(calendar: Calendar, date: string): boolean {
  return Temporal.PlainDate.from(date).dayOfWeek === 7 || isHoliday(calendar, date);
}

/** Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  return Temporal.PlainDate.from(date).dayOfWeek >= 6;
}

/** Asked for every message planned: a year of a calendar never changes, so it is worked out once. */
const KNOWN_DATES = new Map<string, ReadonlySet<string>>();

function holidayDates(calendar: Calendar, year: number): ReadonlySet<string> {
  const key = `${calendar} ${year}`;
  const known = KNOWN_DATES.get(key) ?? new Set(holidays(calendar, year).map(({ date }) => date));
  KNOWN_DATES.set(key, known);
  return known;
}

function dateOf(on: DayOfYear, easter: Temporal.PlainDate): string {
  if (typeof on === 'number') return easter.add({ days: on }).toString();
  return `${easter.toString().slice(0, -5)}${on}`;
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
function easterSunday(year: number): Temporal.PlainDate {
  const a = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const skipped = Math.floor((8 * century + 13) / 25);
  const h = (19 * a + century - Math.floor(century / 4) - skipped + 15) % 30;
  const l = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - h - (rest % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const days = h + l - 7 * m + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(days / 31), day: (days % 31) + 1 });
}

import { Temporal } from 'temporal-polyfill';
import { gsmLetters } from './gsm-letters.js';
import type { LanguageCode } from './message-languages.js';
import { remembering } from './remember.js';
import { type Instant, type LocalTime, toLocal } from './time.js';

/**
 * How a language says a day and an hour. `{w}` weekday, `{d}` day, `{m}` month, `{n}` its number, `{y}` year, `{h}` hour,
 * `{day}` what `day` gives.
 */
interface DateWords {
  /** Names of days and months, with European digits. */
  readonly locale: string;
  readonly day: string;
  readonly year: string;
  readonly today: string;
  readonly tomorrow: string;
  readonly afterTomorrow: string;
  /** Of an hour, after a day. */
  readonly at: string;
  readonly also: string;
  /** Between hours and minutes. */
  readonly colon: 'h' | ':';
  readonly firstOfMonth?: string;
}

const FRENCH: DateWords = {
  locale: 'fr',
  day: '{w} {d} {m}',
  year: '{day} {y}',
  today: "aujourd'hui",
  tomorrow: 'demain {day}',
  afterTomorrow: 'après-demain {day}',
  at: 'à {h}',
  also: 'Aussi à {h}',
  colon: 'h',
  firstOfMonth: '1er',
};

const WORDS: Readonly<Record<LanguageCode, DateWords>> = {
  fr: FRENCH,
  'fr-simple': FRENCH,
  en: {
    ...{ locale: 'en-GB', day: '{w} {d} {m}', year: '{day} {y}' },
    colon: ':',
    ...{
      today: 'today',
      tomorrow: 'tomorrow {day}',
      afterTomorrow: '{day}',
      at: 'at {h}',
      also: 'Also at {h}',
    },
  },
  ar: {
    // Months have other names from one country to the next, and each sign is dear.
    ...{ locale: 'ar-u-nu-latn', day: '{w} {d}/{n}', year: '{day}/{y}' },
    colon: ':',
    ...{ today: 'اليوم', tomorrow: 'غدا {d}/{n}', afterTomorrow: '{day}' },
    ...{ at: '{h}', also: 'وأيضا الساعة {h}' },
  },
  pt: {
    ...{ locale: 'pt-PT', day: '{w} {d} de {m}', year: '{day} de {y}' },
    colon: 'h',
    ...{ today: 'hoje', tomorrow: 'amanhã {day}', afterTomorrow: 'depois de amanhã {day}' },
    ...{ at: 'às {h}', also: 'Também às {h}' },
  },
  ro: {
    ...{ locale: 'ro', day: '{w} {d} {m}', year: '{day} {y}' },
    colon: ':',
    ...{
      today: 'azi',
      tomorrow: 'mâine {day}',
      afterTomorrow: 'poimâine {day}',
      at: 'la {h}',
      also: 'Și la {h}',
    },
  },
  tr: {
    ...{ locale: 'tr', day: '{d} {m} {w}', year: '{d} {m} {y} {w}' },
    colon: ':',
    ...{
      today: 'bugün',
      tomorrow: 'yarın {day}',
      afterTomorrow: '{day}',
      at: 'saat {h}',
      also: 'Ayrıca saat {h}',
    },
  },
  es: {
    ...{ locale: 'es', day: '{w} {d} de {m}', year: '{day} de {y}' },
    colon: ':',
    ...{ today: 'hoy', tomorrow: 'mañana {day}', afterTomorrow: 'pasado mañana {day}' },
    ...{ at: 'a las {h}', also: 'También a las {h}' },
  },
};

interface Names {
  /** Monday first. */
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
}

const NAMES = new Map<string, Names>();

/** « mercredi 30 septembre 2026 »: every sign in the cheap alphabet, where the language has one. */
export const dateForMessage = remembering((date: string, language: LanguageCode): string =>
  cheap(fill(WORDS[language].year, partsOf(date, WORDS[language])), language),
);

/** « 9h30 », `9:30`. */
export const hourForMessage = remembering((time: string, language: LanguageCode): string => {
  const { hour, minute } = Temporal.PlainTime.from(time);
  return `${hour}${WORDS[language].colon}${String(minute).padStart(2, '0')}`;
});

/**
 * The day as it is called at the place when the message leaves: « aujourd'hui », « demain mardi 14 avril »,
 * « mardi 14 avril ». A day's name and date stand beside the relative word: read the day after, it is still true.
 */
export function dayForMessage(promise: LocalTime, now: Instant, language: LanguageCode): string {
  return dayFrom(toLocal(now, promise.timeZone).date, promise.date, language);
}

const dayFrom = remembering((today: string, date: string, language: LanguageCode): string => {
  const words = WORDS[language];
  const days = Temporal.PlainDate.from(today).until(date, { largestUnit: 'day' }).days;
  const relative = new Map([
    [0, words.today],
    [1, words.tomorrow],
    [2, words.afterTomorrow],
  ]);
  return cheap(fill(relative.get(days) ?? '{day}', partsOf(date, words)), language);
});

/** « demain mardi 14 avril à 9h30 ». */
export function momentForMessage(promise: LocalTime, now: Instant, language: LanguageCode): string {
  return `${dayForMessage(promise, now, language)} ${atHour(promise.time, language)}`;
}

const atHour = remembering((time: string, language: LanguageCode): string =>
  cheap(fill(WORDS[language].at, { h: hourForMessage(time, language) }), language),
);

/** « Aussi à 14h00 »: of another appointment of the same day. */
export function alsoForMessage(time: string, language: LanguageCode): string {
  return cheap(fill(WORDS[language].also, { h: hourForMessage(time, language) }), language);
}

function partsOf(date: string, words: DateWords): Readonly<Record<string, string>> {
  const { year, month, day, dayOfWeek } = Temporal.PlainDate.from(date);
  const { weekdays, months } = namesIn(words.locale);
  const d = day === 1 ? (words.firstOfMonth ?? '1') : String(day);
  const parts = {
    ...{ w: weekdays[dayOfWeek - 1] ?? '', d, m: months[month - 1] ?? '' },
    ...{ n: String(month), y: String(year) },
  };
  return { ...parts, day: fill(words.day, parts) };
}

function fill(pattern: string, parts: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');
}

/** Arabic has no cheap alphabet; the others lose what the GSM one has not (« samedi 1er aout »). */
function cheap(text: string, language: LanguageCode): string {
  return language === 'ar' ? text : gsmLetters(text);
}

function namesIn(locale: string): Names {
  const known = NAMES.get(locale);
  if (known !== undefined) return known;
  const name = (part: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...part, timeZone: 'UTC' });
    return (month: number, day: number) => format.format(Date.UTC(2024, month, day));
  };
  const [weekday, month] = [name({ weekday: 'long' }), name({ month: 'long' })];
  const names = {
    // 1 January 2024 was a Monday.
    weekdays: Array.from({ length: 7 }, (_, at) => weekday(0, at + 1)),
    months: Array.from({ length: 12 }, (_, at) => month(at, 1)),
  };
  NAMES.set(locale, names);
  return names;
}

import { Temporal } from 'temporal-polyfill';

const WEEKDAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const MONTHS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
];
const NO_BREAK_SPACE = '\u00a0';

/** « mardi 14 avril 2026 », « vendredi 1ᵉʳ mai 2026 », for screens. */
export function dateInWords(date: string): string {
  const { year, month, day, dayOfWeek } = Temporal.PlainDate.from(date);
  return `${WEEKDAYS[dayOfWeek - 1]} ${day === 1 ? '1ᵉʳ' : day} ${MONTHS[month - 1]} ${year}`;
}

/** « 9 h 30 », « 9 h 00 », with spaces that do not break, for screens. */
export function hourInWords(time: string): string {
  const { hour, minute } = Temporal.PlainTime.from(time);
  return `${hour}${NO_BREAK_SPACE}h${NO_BREAK_SPACE}${String(minute).padStart(2, '0')}`;
}

/** « aujourd’hui », « demain », « dans 4 jours », « hier », « il y a 3 jours »: calendar days, not hours. */
export function relativeDay(date: string, today: string): string {
  const days = Temporal.PlainDate.from(today).until(date, { largestUnit: 'day' }).days;
  if (days === 0) return 'aujourd’hui';
  if (days === 1) return 'demain';
  if (days === -1) return 'hier';
  return days > 0 ? `dans ${days} jours` : `il y a ${-days} jours`;
}

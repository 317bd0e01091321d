import { Temporal } from 'temporal-polyfill';
import { dateInWords, hourInWords } from '../shared/french-dates.js';
import { type Instant, toLocal } from '../shared/time.js';

export const NBSP = '\u00a0';
const NARROW_NBSP = '\u202f';
const MINUS = '\u2212';

/** « 6 551 », with a narrow space that does not break. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, NARROW_NBSP);
}

/** « 22,3 % »; a rate nobody knows is a dash. @param rate between 0 and 1 */
export function percent(rate: number | null): string {
  return rate === null ? '–' : `${decimal(rate * 100)}${NBSP}%`;
}

/** One decimal, comma, and a real minus sign. */
export function decimal(value: number): string {
  const rounded = Math.abs(value).toFixed(1).replace('.', ',');
  return value < 0 && rounded !== '0,0' ? `${MINUS}${rounded}` : rounded;
}

/** « mardi 14 avril 2026 »: the day of the month stays with its month and year. */
export function day(date: string): string {
  const [weekday = '', number = '', month = '', year = ''] = dateInWords(date).split(' ');
  return `${weekday} ${number}${NBSP}${month}${NBSP}${year}`;
}

/** « mardi 14 avril ». */
export function dayOfYear(date: string): string {
  return day(date).slice(0, -5);
}

/** « 14 avril 2026 ». */
export function plainDate(date: string): string {
  return day(date).split(' ').slice(1).join(' ');
}

/** « avril 2026 ». @param month `YYYY-MM` */
export function monthInWords(month: string): string {
  return day(`${month}-02`).split(NBSP).slice(1).join(NBSP);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)}${NBSP}${count > 1 ? many : one}`;
}

/** Full years between a birth date and today. */
export function ageOn(birthDate: string, today: string): number {
  return Temporal.PlainDate.from(birthDate).until(today, { largestUnit: 'year' }).years;
}

const CITIES: Readonly<Record<string, string>> = {
  'America/Guadeloupe': 'Guadeloupe',
  'America/Martinique': 'Fort-de-France',
  'America/Miquelon': 'Saint-Pierre',
  'America/St_Barthelemy': 'Gustavia',
  'Indian/Mayotte': 'Mamoudzou',
  'Indian/Reunion': 'Saint-Denis',
  'Pacific/Noumea': 'Nouméa',
  'Pacific/Tahiti': 'Papeete',
  'Pacific/Wallis': 'Mata-Utu',
};

/** How the clock of a zone is called: « Cayenne ». */
export function cityOf(timeZone: string): string {
  return CITIES[timeZone] ?? (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
}

/** « 9 h 30 », and the place of the clock when it is not the reader's: « 9 h 30 (Cayenne) ». */
export function hourAt(time: string, timeZone: string, readersZone: string): string {
  const hour = hourInWords(time);
  return timeZone === readersZone ? hour : `${hour} (${cityOf(timeZone)})`;
}

/** « vendredi 12 juin 2026 à 9 h 30 (Cayenne) ». */
export function moment(local: { date: string; time: string; timeZone: string }, readersZone: string): string {
  return `${day(local.date)} à ${hourAt(local.time, local.timeZone, readersZone)}`;
}

/** The same without the year when it is the current one, « aujourd’hui » when it is, by the clock that is shown. */
export function shortMoment(instant: Instant, timeZone: string, readersZone: string, now: Instant): string {
  const local = toLocal(instant, timeZone);
  const today = toLocal(now, timeZone).date;
  const date =
    local.date === today
      ? 'aujourd’hui'
      : local.date.slice(0, 4) === today.slice(0, 4)
        ? dayOfYear(local.date)
        : day(local.date);
  return `${date} à ${hourAt(local.time, timeZone, readersZone)}`;
}

/** « 06 •• •• •• 12 »: enough to recognize a number, not to learn it. */
export function maskedPhone(e164: string): string {
  const last = e164.slice(-2);
  if (/^\+33\d{9}$/.test(e164)) return [`0${e164.charAt(3)}`, '••', '••', '••', last].join(NBSP);
  const code = /^\+(590|594|596|262|508|687|689|681)/.exec(e164)?.[0] ?? e164.slice(0, 3);
  return [code, '••', '••', '••', last].join(NBSP);
}

/** « j•••@boite.example »: the name is hidden, whatever its length; the house it lives in tells little. */
export function maskedEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, Math.min(1, Math.max(at, 0)))}•••${at < 0 ? '' : address.slice(at)}`;
}

/** The whole number, in pairs. */
export function spacedPhone(e164: string): string {
  const national = /^\+33(\d{9})$/.exec(e164)?.[1];
  if (national !== undefined) return `0${national}`.replace(/(\d{2})(?=\d)/g, `$1${NBSP}`);
  const [, code = '', rest = e164] = /^(\+(?:590|594|596|262|508|687|689|681))(\d+)$/.exec(e164) ?? [];
  return `${code}${NBSP}${rest.replace(/(\d{3})(?=\d)/, `$1${NBSP}`).replace(/(\d{2})(?=\d{2})/g, `$1${NBSP}`)}`.trim();
}

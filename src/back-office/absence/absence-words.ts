import { hourInWords } from '../../shared/french-dates.js';
import type { Dimension } from '../../statistics/domain/breakdown.js';
import type { Interval } from '../../statistics/domain/estimate.js';
import { capital, decimal, NBSP, thousands } from '../../ui/typography.js';

/** « 386 / 1 783 ». */
export function nOf({ missed, known }: { readonly missed: number; readonly known: number }): string {
  return `${thousands(missed)}${NBSP}/${NBSP}${thousands(known)}`;
}

/** « −7,2 points », « +0,4 point ». */
export function points(value: number): string {
  const word = Math.abs(value * 100) < 2 ? 'point' : 'points';
  return `${signed(value)}${NBSP}${word}`;
}

export function signed(value: number): string {
  const size = decimal(value * 100);
  return `${value > 0 && size !== '0,0' ? '+' : ''}${size}`;
}

/** « entre −10,3 et −4,1 ». */
export function between({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  return `entre ${signed(low)} et ${signed(high)}`;
}

/** « 18 à 26 % », whole, as an interval is read. */
export function rangeOf({ low, high }: Pick<Interval, 'low' | 'high'>): string {
  return `${Math.round(low * 100)} à ${Math.round(high * 100)}${NBSP}%`;
}

/** The difference of two rates as they are displayed, so that the page subtracts exactly. */
export function shownDifference(after: number, before: number): number {
  return (Math.round(after * 1000) - Math.round(before * 1000)) / 1000;
}

const WEEKDAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];

const HALF_DAYS: Readonly<Record<string, string>> = { morning: 'matin', afternoon: 'après-midi' };

export function isHalfDay({ time }: { readonly time: string }): boolean {
  return time in HALF_DAYS;
}

/** « Lundi 8 h 30 », « Lundi matin ». */
export function slotWords({ weekday, time }: { readonly weekday: number; readonly time: string }): string {
  return capital(`${WEEKDAYS[weekday - 1] ?? ''} ${HALF_DAYS[time] ?? hourInWords(time)}`);
}

export interface DimensionWords {
  readonly title: string;
  /** Beneath the table: what the rows are, and what must not be concluded. */
  readonly hint: string | null;
  readonly values: Readonly<Record<string, string>>;
}

const ASSOCIATION = 'C’est une association, pas un effet.';

const DELIVERY_VALUES = {
  delivered: 'Reçu',
  accepted: 'Remis à l’opérateur, sans preuve',
  undelivered: 'Remis, non reçu',
  'not-handed-over': 'Pas parti',
  'no-means': 'Sans moyen d’envoi',
  none: 'Aucun message de ce genre',
};

export const DIMENSION_WORDS: Readonly<Record<Dimension, DimensionWords>> = {
  age: {
    title: 'Par âge',
    hint: 'Âge au jour de la convocation.',
    values: {
      'under-18': 'Moins de 18 ans',
      '18-24': '18 à 24 ans',
      '25-34': '25 à 34 ans',
      '35-49': '35 à 49 ans',
      '50-64': '50 à 64 ans',
      '65-up': '65 ans et plus',
      unknown: 'Âge inconnu',
    },
  },
  order: {
    title: 'Première convocation ou suivante',
    hint: 'Première convocation enregistrée de la personne, tous services.',
    values: { first: 'Première', later: 'Suivante' },
  },
  delay: {
    title: 'Par délai entre la prise et la date',
    hint: 'Jours entre l’enregistrement et la date promise.',
    values: {
      '0-3': '0 à 3 jours',
      '4-7': '4 à 7 jours',
      '8-14': '8 à 14 jours',
      '15-30': '15 à 30 jours',
      '31-up': '31 jours et plus',
    },
  },
  summons: {
    title: 'Selon le message de convocation',
    hint: `Message le plus loin parvenu. ${ASSOCIATION}`,
    values: DELIVERY_VALUES,
  },
  reminder: {
    title: 'Selon le rappel',
    hint: `Rappel le plus loin parvenu. ${ASSOCIATION} Qui n’est pas joint diffère de qui l’est.`,
    values: DELIVERY_VALUES,
  },
  reach: {
    title: 'Selon le moyen de joindre',
    hint: 'Tel qu’enregistré la nuit du calcul. Tous restent dans le taux d’absence.',
    values: {
      mobile: 'Mobile, SMS acceptés',
      refused: 'Refuse les SMS',
      'no-mobile': 'Sans mobile',
    },
  },
};

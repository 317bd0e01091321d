import { absenceRate, knownOutcomes, type OutcomeCounts } from './absence-rate.js';
import type { AttendanceCounts } from './counts.js';

/** A service-month with a smaller share of known outcomes is marked, and left out of every estimate of an effect. */
export const LEAST_COMPLETENESS = 0.98;

/** Past and not cancelled, marked or not. */
type PastCounts = OutcomeCounts & Pick<AttendanceCounts, 'unknown'>;

/**
 * The absence rate without the excused: missed ÷ (attended + missed). Never below the absence rate.
 * @returns between 0 and 1, not rounded; null when nobody attended or missed
 */
export function strictAbsenceRate({ attended, missed }: OutcomeCounts): number | null {
  const met = attended + missed;
  return met === 0 ? null : missed / met;
}

/**
 * Between what and what the absence rate lies, whatever became of the convocations that nobody marked: all attended,
 * or all missed.
 * @returns between 0 and 1, low ≤ absence rate ≤ high; null when nothing is past
 */
export function absenceBounds(counts: PastCounts): { readonly low: number; readonly high: number } | null {
  const past = knownOutcomes(counts) + counts.unknown;
  if (past === 0) return null;
  return { low: counts.missed / past, high: (counts.missed + counts.unknown) / past };
}

/**
 * Share of the past, not cancelled convocations whose outcome is known.
 * @returns between 0 and 1; null when nothing is past
 */
export function completeness(counts: PastCounts): number | null {
  const known = knownOutcomes(counts);
  const past = known + counts.unknown;
  return past === 0 ? null : known / past;
}

/** Enough outcomes are known for the month to say something; a month without anything past has none missing. */
export function isComplete(counts: PastCounts): boolean {
  const known = knownOutcomes(counts);
  // In whole numbers: 98 of 100 is enough, whatever floating point makes of 0.98.
  return 100 * known >= 100 * LEAST_COMPLETENESS * (known + counts.unknown);
}

/**
 * The no-show rate that earlier dashboards of the service showed (2021–2024), for comparison only: missed ÷ (past, not
 * cancelled, outcome known), of persons with a phone number, as a whole number of per cent, 0 when nothing is known.
 * Its formula is that of the absence rate; its population is not: those who cannot be reminded are left out.
 * @param counts of persons with a phone number only
 */
export function referenceNoShowPercent(counts: OutcomeCounts): number {
  return Math.round(100 * (absenceRate(counts) ?? 0));
}

/** One definition as a page shows it. */
export interface Definition {
  /** Anchor and key of a page; never shown. */
  readonly code: string;
  readonly name: string;
  /** In words, with the signs of arithmetic. */
  readonly formula: string;
  /** Plain French, for a director. */
  readonly sentence: string;
}

/** Every figure of the pages and of the API, defined once. */
export const DEFINITIONS: readonly Definition[] = [
  {
    code: 'absence-rate',
    name: 'Taux d’absence',
    formula: 'manquées ÷ (honorées + manquées + excusées)',
    sentence:
      'Parmi les convocations passées dont l’issue est connue, la part de celles où la personne n’est pas venue sans être excusée. Les personnes sans téléphone et celles qui refusent les SMS comptent comme les autres.',
  },
  {
    code: 'strict-absence-rate',
    name: 'Taux d’absence strict',
    formula: 'manquées ÷ (honorées + manquées)',
    sentence:
      'Le même calcul sans les absences excusées : il ne compare que les personnes venues et celles qui ont manqué. Il n’est jamais inférieur au taux d’absence.',
  },
  {
    code: 'unknown',
    name: 'Issue inconnue',
    formula: 'passées, ni annulées ni pointées',
    sentence:
      'Une convocation passée que personne n’a pointée ne compte ni comme une présence ni comme une absence : elle est comptée à part.',
  },
  {
    code: 'bounds',
    name: 'Taux au plus bas et au plus haut',
    formula:
      'manquées ÷ (issues connues + inconnues) ; (manquées + inconnues) ÷ (issues connues + inconnues)',
    sentence:
      'Le taux si toutes les personnes non pointées étaient venues, puis si toutes avaient manqué : la vérité est entre les deux.',
  },
  {
    code: 'completeness',
    name: 'Part des issues connues',
    formula: 'issues connues ÷ (issues connues + inconnues)',
    sentence:
      'En dessous de 98 % dans le mois, le mois du service est signalé et n’entre dans aucune estimation d’effet.',
  },
  {
    code: 'cancelled',
    name: 'Annulées, et par qui',
    formula: 'annulées par le service + par la personne + par la juridiction',
    sentence:
      'Une convocation annulée n’est ni une présence ni une absence : elle est comptée à part, selon qui l’a annulée.',
  },
  {
    code: 'rescheduled',
    name: 'Déplacées',
    formula: 'passées, non annulées, déplacées au moins une fois',
    sentence:
      'Une convocation déplacée reste une seule convocation, comptée une fois, à sa dernière date ; le nombre de celles qui ont été déplacées est donné à part.',
  },
  {
    code: 'month',
    name: 'Mois d’une convocation',
    formula: 'mois de la date promise, à l’heure du lieu',
    sentence:
      'Une convocation compte dans le mois de la date promise à la personne, à l’heure du lieu, et seulement une fois cette heure passée.',
  },
  {
    code: 'baseline',
    name: 'Chiffres repris d’avant',
    formula: 'comptes mensuels importés, mêmes définitions',
    sentence:
      'Pour les mois où le service n’a rien enregistré ici, les comptes mensuels importés, avec leur source, tiennent lieu d’« avant ».',
  },
  {
    code: 'reference-rate',
    name: 'Taux d’absence des anciens tableaux de bord (2021–2024)',
    formula:
      'manquées ÷ (honorées + manquées + excusées), personnes avec téléphone seulement, arrondi à l’unité',
    sentence:
      'Donné pour comparaison seulement : la formule est la même, mais les personnes sans téléphone en sont exclues ; il ne dit donc rien de celles que l’on ne peut pas joindre.',
  },
];

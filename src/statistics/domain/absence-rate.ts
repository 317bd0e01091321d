/** Outcomes of past convocations: those that count, and those that are named apart. */
export interface OutcomeCounts {
  readonly attended: number;
  readonly missed: number;
  readonly excused: number;
}

/** Past convocations whose outcome is known: the denominator of every absence rate. */
export function knownOutcomes({ attended, missed, excused }: OutcomeCounts): number {
  return attended + missed + excused;
}

/**
 * Share of past convocations with a known outcome that the person missed: missed ÷ (attended + missed + excused).
 * Cancelled ones, and past ones that nobody marked, count on neither side. Persons without a phone and those who
 * refuse messages count like everybody.
 * @returns between 0 and 1, not rounded; null when no outcome is known: an unknown rate is not zero
 */
export function absenceRate(counts: OutcomeCounts): number | null {
  const known = knownOutcomes(counts);
  return known === 0 ? null : counts.missed / known;
}

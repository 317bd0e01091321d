import type { RateInterval } from '../estimate.js';
import { CONFIDENCE, studentQuantile } from './distributions.js';

/** Outcomes of one person, or of one service: they are not independent of each other. */
export interface ClusterCounts {
  readonly missed: number;
  /** attended + missed + excused. */
  readonly known: number;
}

/**
 * Correlation of two outcomes of one person where it cannot be measured. Appointment data of one person are more
 * alike than the 0.05 usual between patients of one practice (Adams et al. 2004, doi 10.1016/j.jclinepi.2003.12.013)
 * and less than repeated measures; 0.1 errs on the wide side.
 */
export const DEFAULT_ICC = 0.1;

/** How much wider repeated outcomes make a variance: 1 + (m − 1) × icc (Kish 1965). @param m mean per cluster */
export function designEffect(m: number, icc: number): number {
  return Math.max(1, 1 + (m - 1) * icc);
}

/**
 * Rate with its 95 % interval from the outcomes of each cluster: linearised variance between clusters, then Wilson’s
 * interval with the effective number of outcomes, never narrower than independent outcomes would give.
 */
export function clusterInterval(clusters: readonly ClusterCounts[]): RateInterval {
  const seen = clusters.filter(({ known }) => known > 0);
  const known = seen.reduce((sum, cluster) => sum + cluster.known, 0);
  const missed = seen.reduce((sum, cluster) => sum + cluster.missed, 0);
  if (seen.length < 2) return wilsonInterval(missed, known, designEffect(known, DEFAULT_ICC));
  const rate = missed / known;
  const squares = seen.reduce((sum, cluster) => sum + (cluster.missed - rate * cluster.known) ** 2, 0);
  const variance = (squares * seen.length) / (seen.length - 1) / known ** 2;
  const independent = (rate * (1 - rate)) / known;
  const effect = independent === 0 ? 1 : Math.max(1, variance / independent);
  const wider = studentQuantile((1 + CONFIDENCE) / 2, seen.length - 1);
  return wilsonInterval(missed, known, effect, wider);
}

/**
 * Wilson’s interval of a rate (Wilson 1927; Newcombe 1998, doi
 * 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E), with the number of outcomes divided by a design
 * effect.
 * @param quantile of the reference distribution, 1.96 by default
 */
export function wilsonInterval(
  missed: number,
  known: number,
  effect = 1,
  quantile = studentQuantile((1 + CONFIDENCE) / 2, Infinity),
): RateInterval {
  if (known === 0) return { value: Number.NaN, low: 0, high: 1, missed, known };
  const [n, p, z2] = [known / effect, missed / known, quantile ** 2];
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (quantile * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { value: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half), missed, known };
}

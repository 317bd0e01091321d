/** How many recent failures are forgiven before each further try has to wait. */
export interface ThrottleRule {
  readonly free: number;
  readonly longestSeconds: number;
}

/** Of one account: a forgotten password costs a few seconds, a guesser a quarter of an hour a try. */
export const PER_ACCOUNT: ThrottleRule = { free: 5, longestSeconds: 900 };

/** Of one address: a whole court may share it. */
export const PER_ADDRESS: ThrottleRule = { free: 50, longestSeconds: 300 };

/** Failures older than this are forgotten, in seconds. */
export const MEMORY_SECONDS = 3600;

/**
 * Seconds between the last failure and the next try: none while tries are free, then 1, 2, 4… up to the longest.
 * The wait grows and ends: nobody can lock an agent out for good.
 * @param failures recent ones, ≥ 0
 */
export function waitAfter(failures: number, rule: ThrottleRule): number {
  if (failures < rule.free) return 0;
  return Math.min(rule.longestSeconds, 2 ** Math.min(failures - rule.free, 20));
}

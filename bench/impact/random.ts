/** Draws of one run; the same seed gives the same run. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Standard normal deviate. */
  normal(): number;
  /** Of n independent trials. */
  binomial(n: number, p: number): number;
  poisson(mean: number): number;
  /** Whole number from 0 to below n. */
  below(n: number): number;
}

/** Mulberry32 over a seed mixed with the number of the run: runs are independent of each other and of their count. */
export function randomOf(seed: number, run: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(run + 1, 0xc2b2ae35);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let skipped = 0; skipped < 8; skipped += 1) next();
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const binomial = (n: number, p: number) => {
    let successes = 0;
    for (let trial = 0; trial < n; trial += 1) if (next() < p) successes += 1;
    return successes;
  };
  const poisson = (mean: number) => {
    let [count, product] = [0, next()];
    const limit = Math.exp(-mean);
    while (product > limit) {
      count += 1;
      product *= next();
    }
    return count;
  };
  return { next, normal, binomial, poisson, below: (n) => Math.floor(next() * n) };
}

import fc from 'fast-check';

/** The same examples on every machine: a failure belongs to the change that brought it, not to chance. */
const DEFAULT_SEED = 20_260_101;

/**
 * Seed of every property: `FC_SEED=<number>` plays other examples, `FC_SEED=random` others on each run;
 * `FC_NUM_RUNS=<number>` more of them where a property does not say how many itself.
 */
const asked = process.env['FC_SEED'] ?? String(DEFAULT_SEED);
const runs = process.env['FC_NUM_RUNS'];

fc.configureGlobal({
  ...(asked === 'random' ? {} : { seed: Number(asked) }),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});

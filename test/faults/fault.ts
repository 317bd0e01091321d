import type { Rig } from './rig/rig.js';

export type BackendKind = 'postgres' | 'redis';

/** One fault of the failure model as a scenario on real servers. */
export interface Fault {
  /** `F1` to `F50`, as in docs/faults.md; `K` for the random killer. */
  readonly id: string;
  readonly title: string;
  /** What must hold however it goes. */
  readonly promise: string;
  readonly tier: 'core' | 'slow';
  /** The queue's backends it is played on, one run for each. */
  readonly backends: readonly BackendKind[];
  /** True: some messages are meant to expire or fail; each must then be told to an agent. */
  readonly mayExpire?: boolean;
  /** True: what was due may be set aside without a text, because its promise is changed under way. */
  readonly mayWithdraw?: boolean;
  /** True: what is left is no plain account of what was sent (a restored copy), and the scenario counts by itself. */
  readonly judgesItself?: boolean;
  /** True: a PostgreSQL of this fault alone, which it may break (`rig.breakable`). */
  readonly breaksPostgres?: boolean;
  /** Why it cannot be played on this machine, or null. */
  readonly missing?: () => string | null;
  /** @throws when the promise does not hold; what was sent is judged after it in any case */
  readonly run: (rig: Rig) => Promise<void>;
}

/** A fault that is not played here, and why. */
export interface NotPlayed {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

export const BOTH: readonly BackendKind[] = ['postgres', 'redis'];

/** @throws Error with the sentence when the condition does not hold */
export function ensure(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

/** @throws Error naming both values when they differ */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify([actual]), JSON.stringify([expected])];
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
}

import type { Env } from './env.js';
import { loadEnv } from './load-env.js';

/** The environment of this very process, validated. @throws Error naming every faulty variable */
export function readEnv(): Readonly<Env> {
  return loadEnv(process.env);
}

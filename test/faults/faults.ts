import type { Fault, NotPlayed } from './fault.js';
import { ANSWERS } from './scenarios/answers.js';
import { KILLS } from './scenarios/kills.js';
import { OUTAGES } from './scenarios/outages.js';
import { REDIS } from './scenarios/redis.js';
import { POSTGRES } from './scenarios/postgres.js';
import { COPIES } from './scenarios/copies.js';
import { POISON } from './scenarios/poison.js';
import { RACES } from './scenarios/races.js';
import { NEIGHBOURS } from './scenarios/neighbours.js';
import { TIME } from './scenarios/time.js';
import { RECEIPTS } from './scenarios/receipts.js';
import { WORKERS } from './scenarios/workers.js';

/** In the order of the failure model. */
export const FAULTS: readonly Fault[] = [
  ...KILLS,
  ...ANSWERS,
  ...OUTAGES,
  ...RECEIPTS,
  ...REDIS,
  ...POSTGRES,
  ...WORKERS,
  ...RACES,
  ...POISON,
  ...COPIES,
  ...TIME,
  ...NEIGHBOURS,
].sort((a, b) => orderOf(a.id) - orderOf(b.id));

/** Never silently absent: each with the reason. */
export const NOT_PLAYED: readonly NotPlayed[] = [];

/** Faults by number, the others after them. */
function orderOf(id: string): number {
  const number = /^F(\d+)/.exec(id)?.[1];
  return number === undefined ? 1000 : Number(number);
}

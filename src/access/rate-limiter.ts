import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { RateLimited } from '../platform/refusals.js';
import {
  type Allowance,
  grownBack,
  RATE_LIMITS,
  type RateClass,
  secondsToWait,
} from './domain/rate-limits.js';

/** Callers remembered of one class; above, those whose allowance is whole again are forgotten. */
const REMEMBERED = 20_000;

const refused = new Counter({
  name: 'msj_rate_limited_total',
  help: 'Requests refused because one caller sent too many, by class of route',
  labelNames: ['class'],
});
// From zero on: an increase from nothing is none to Prometheus.
for (const name of Object.keys(RATE_LIMITS)) refused.inc({ class: name }, 0);

/**
 * Counts in the memory of this process: a page costs no statement, nothing personal is stored, and a flood does not
 * reach the database. The price: n web processes together let through up to n times as much, and a restart forgets.
 */
@Injectable()
export class RateLimiter {
  private readonly allowances = new Map<RateClass, Map<string, Allowance>>();
  /** Milliseconds that never go back; replaced in tests. */
  now: () => number = () => performance.now();

  /** Takes one request of the caller's allowance. @throws RateLimited when nothing is left */
  take(limit: RateClass, caller: string): void {
    const { left, at } = this.check(limit, caller);
    this.callersOf(limit).set(caller, { left: left - 1, at });
  }

  /** Takes nothing. @throws RateLimited when nothing is left */
  check(limit: RateClass, caller: string): Allowance {
    const rule = RATE_LIMITS[limit];
    const now = this.now();
    const known = this.callersOf(limit).get(caller) ?? { left: rule.requests, at: now };
    const allowance = grownBack(known, rule, now);
    const wait = secondsToWait(allowance, rule);
    if (wait === 0) return allowance;
    refused.inc({ class: limit });
    throw new RateLimited(wait);
  }

  private callersOf(limit: RateClass): Map<string, Allowance> {
    const callers = this.allowances.get(limit) ?? new Map<string, Allowance>();
    if (callers.size > REMEMBERED) this.forgetRested(limit, callers);
    this.allowances.set(limit, callers);
    return callers;
  }

  /** An attacker with very many addresses must not fill the memory: then everybody starts anew. */
  private forgetRested(limit: RateClass, callers: Map<string, Allowance>): void {
    const rule = RATE_LIMITS[limit];
    for (const [caller, allowance] of callers)
      if (grownBack(allowance, rule, this.now()).left >= rule.requests) callers.delete(caller);
    if (callers.size > REMEMBERED) callers.clear();
  }
}

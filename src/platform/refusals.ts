import { DomainError } from '../shared/domain-error.js';

/** Too many tries; the caller may come back. */
export class RateLimited extends DomainError {
  readonly code = 'rate-limited';
  /** @param retryAfterSeconds whole seconds, at least 1 */
  constructor(readonly retryAfterSeconds: number) {
    super(`too many tries, retry after ${retryAfterSeconds} s`);
  }
}

/** The same idempotency key came with another request. */
export class IdempotencyConflict extends DomainError {
  readonly code = 'idempotency-conflict';
  constructor() {
    super('this idempotency key was used for another request');
  }
}

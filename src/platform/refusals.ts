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

/** Something else comes first: the caller is sent to another page of ours. */
export class SeeOther extends DomainError {
  readonly code = 'unauthenticated';
  /** @param location path of ours, without personal data */
  constructor(readonly location: string) {
    super('another page comes first');
  }
}

/** Something else comes first, and what was sent must not be lost: the caller gets this page. */
export class PageInstead extends DomainError {
  readonly code = 'unauthenticated';
  constructor(readonly html: string) {
    super('a page comes first');
  }
}

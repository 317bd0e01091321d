/**
 * A refusal that a person or a program can do something about. The code is part of the public contract; the
 * message is for logs and programs and never holds a name or a number.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  /** The input the refusal is about, when there is one: lets a form show the sentence at its field. */
  readonly field?: string;
  /** Which of the cases of its code it is, where a person needs another sentence. */
  readonly about?: string;
}

export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** The shape of the input is wrong. */
export class ValidationFailed extends DomainError {
  readonly code = 'validation';
  constructor(readonly errors: readonly FieldError[]) {
    super(`invalid fields: ${errors.map((error) => error.field).join(', ')}`);
  }
}

/** What is asked for does not exist, or exists where the caller may not look: the answer is the same. */
export class NotFound extends DomainError {
  readonly code = 'not-found';
  constructor(what: string) {
    super(`${what} not found`);
  }
}

/** The caller is known and may not do this. */
export class Forbidden extends DomainError {
  readonly code = 'forbidden';
  constructor(action: string) {
    super(`not allowed: ${action}`);
  }
}

/** Somebody else changed it since it was read. */
export class Conflict extends DomainError {
  readonly code = 'conflict';
  override readonly about: string;
  constructor(what: string) {
    super(`${what} was changed meanwhile`);
    this.about = what;
  }
}

import { DomainError } from '../shared/domain-error.js';

/** Nobody known is calling. */
export class Unauthenticated extends DomainError {
  readonly code = 'unauthenticated';
  constructor() {
    super('sign in, or give a valid key');
  }
}

/** The form was not shown to this very session: it is old, or somebody else made it. */
export class ForeignForm extends DomainError {
  readonly code = 'forbidden';
  constructor() {
    super('this form does not belong to the session');
  }
}

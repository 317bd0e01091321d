import { SetMetadata } from '@nestjs/common';
import type { Action } from './domain/rights-table.js';

export const ALLOW = 'access:allow';

/** What a route asks of its caller; a route without one of these stops the start. */
export type Requirement =
  | { readonly kind: 'action'; readonly action: Action }
  /** Any agent who signed in. */
  | { readonly kind: 'signed-in' }
  /** Anybody: the page or the hook proves its caller by itself (opaque token, signature, password). */
  | { readonly kind: 'public'; readonly isProven: boolean };

export const Allow = (action: Action) => SetMetadata(ALLOW, { kind: 'action', action } satisfies Requirement);
export const SignedIn = () => SetMetadata(ALLOW, { kind: 'signed-in' } satisfies Requirement);
/**
 * @param proof `by-token`: the handler looks up a token or checks a signature first, and may then see every row; without
 *   it the route sees no row about a person
 */
export const Public = (proof?: 'by-token') =>
  SetMetadata(ALLOW, { kind: 'public', isProven: proof !== undefined } satisfies Requirement);

import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose rows a transaction may see: PostgreSQL itself holds it to that (row-level security). */
export type Scope =
  /** A request whose caller is not known yet: no row about anybody. */
  | { readonly kind: 'nobody' }
  /** An agent or a program: what these services follow, or everything for a central administrator. */
  | { readonly kind: 'services'; readonly everywhere: boolean; readonly organizationIds: readonly string[] }
  /** Repeated tasks, sending, commands, and routes whose token or signature proves their caller. */
  | { readonly kind: 'worker'; /** As `KEPT_PLANS` and `BY_KEYS` */ readonly plansOnce?: true }
  /** Figures: counts, without names, numbers and addresses. */
  | { readonly kind: 'statistics' };

export const NOBODY: Scope = { kind: 'nobody' };
export const WORKER: Scope = { kind: 'worker' };
/** Of the two transactions around the calls of an operator: they find rows by key, and their plans are kept (`kept-plans.ts`). */
export const SENDING: Scope = { kind: 'worker', plansOnce: true };
export const STATISTICS: Scope = { kind: 'statistics' };

/** What accompanies one request from its arrival to its answer. */
interface Companion {
  scope: Scope;
  /** One object per request: others hang on it what they know of the request; null outside of one. */
  readonly request: object | null;
}

const companions = new AsyncLocalStorage<Companion>();

/** Scope of what runs now; outside of a request, that of a worker. */
export function currentScope(): Scope {
  return companions.getStore()?.scope ?? WORKER;
}

/** Identity of the running request, or null outside of one. */
export function currentRequest(): object | null {
  return companions.getStore()?.request ?? null;
}

/** Runs `work`, and all it awaits, in this scope. */
export function inScope<T>(scope: Scope, work: () => T): T {
  return companions.run({ scope, request: currentRequest() }, work);
}

/** Runs `work` as a request of its own, of nobody until `enterScope` says more. */
export function asRequest(request: object, work: () => void): void {
  companions.run({ scope: NOBODY, request }, work);
}

/** From now on the running request has this scope. @throws Error outside of a request */
export function enterScope(scope: Scope): void {
  const companion = companions.getStore();
  if (companion?.request == null) throw new Error('a scope is entered by requests only');
  companion.scope = scope;
}

import { currentRequest } from '../platform/scope.js';
import type { Role } from './domain/roles.js';

/** Who acts in the running request, for what must say so without being told: journal, log. */
export interface Caller {
  /** Null when a program acts. */
  readonly agentId: string | null;
  /** Central administrator who acts under the agent's name, or null. */
  readonly impersonatorId: string | null;
  /** Null when a person acts. */
  readonly apiKeyId: string | null;
  readonly organizationId: string;
  readonly role: Role;
  readonly requestId: string;
}

const callers = new WeakMap<object, Caller>();

/** Null outside of a request, and before its caller is known. */
export function currentCaller(): Caller | null {
  const request = currentRequest();
  return request === null ? null : (callers.get(request) ?? null);
}

/** Called by the guard, once the caller is known. */
export function rememberCaller(caller: Caller): void {
  const request = currentRequest();
  if (request !== null) callers.set(request, caller);
}

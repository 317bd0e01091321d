import { enterScope } from '../platform/scope.js';
import type { Actor } from './actor.js';
import { rememberCaller } from './current-caller.js';
import { serviceSet } from './domain/rights.js';

/** The running request acts for this actor from now on: what PostgreSQL lets it see, and what the journal says of it. */
export function enterAs(actor: Actor, requestId: string): void {
  enterScope({ kind: 'services', ...serviceSet(actor) });
  const { agentId, apiKeyId, organizationId, role, impersonatorId = null } = actor;
  rememberCaller({ agentId, apiKeyId, organizationId, role, impersonatorId, requestId });
}

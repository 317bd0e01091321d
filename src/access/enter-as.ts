import { enterScope } from '../platform/scope.js';
import { type Actor, actsEverywhere } from './actor.js';
import { rememberCaller } from './current-caller.js';

/** The running request acts for this actor from now on: what PostgreSQL lets it see, and what the journal says of it. */
export function enterAs(actor: Actor, requestId: string): void {
  const organizationIds = [actor.organizationId, ...actor.linkedOrganizationIds];
  enterScope({ kind: 'services', everywhere: actsEverywhere(actor), organizationIds });
  const { agentId, apiKeyId, organizationId, role, impersonatorId = null } = actor;
  rememberCaller({ agentId, apiKeyId, organizationId, role, impersonatorId, requestId });
}

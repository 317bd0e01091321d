import type { PageSession } from '../../access/identification.port.js';
import { Forbidden } from '../../shared/domain-error.js';

/**
 * The agent whose account the page is about: whoever signed in, never the one they act for.
 * @throws Forbidden during an impersonation
 */
export function ownAgentId({ actor }: PageSession): string {
  if (actor.agentId === null || actor.impersonatorId != null)
    throw new Forbidden('the account of somebody else');
  return actor.agentId;
}

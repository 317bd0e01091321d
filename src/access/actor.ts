import { applicationCheck } from './domain/application-check.js';
import type { OrganizationKind, Role } from './domain/roles.js';

/** Who acts: an agent who signed in, or a program by its API key. Built once per request by the guard. */
export interface Actor {
  /** Agent id, or null when a program acts. */
  readonly agentId: string | null;
  /** API key id, or null when a person acts. */
  readonly apiKeyId: string | null;
  readonly role: Role;
  readonly organizationId: string;
  readonly organizationKind: OrganizationKind;
  /** Of the service: an IANA name. */
  readonly timeZone: string;
  /** Courts of a SPIP, SPIPs of a court. */
  readonly linkedOrganizationIds: readonly string[];
  /** Antennas of the headquarters the agent is attached to; empty for most, and for programs. */
  readonly headquartersOrganizationIds: readonly string[];
  /** The service summons for courts of all France. */
  readonly isInterRessort: boolean;
  /** Central administrator who acts under the agent's name; absent or null: the agent. */
  readonly impersonatorId?: string | null;
}

/** Central administrators act everywhere. */
export function actsEverywhere(actor: Actor): boolean {
  return actor.role === 'admin' || applicationCheck.isLifted;
}

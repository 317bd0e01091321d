import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import {
  BEX_ROLES,
  ORGANIZATION_KINDS,
  type Role,
  SAP_ROLES,
  SPIP_ROLES,
} from '../../access/domain/roles.js';
import { rolesToGive } from '../../agents/domain/agent-rules.js';
import type { OptionGroup } from '../../ui/select-field.js';
import { ROLE_NAMES } from '../role-names.js';

const GROUPS: readonly { readonly label: string; readonly roles: readonly Role[] }[] = [
  { label: 'Administration', roles: ['local-admin', 'admin'] },
  { label: 'Tribunal', roles: [...BEX_ROLES, ...SAP_ROLES] },
  { label: 'SPIP', roles: SPIP_ROLES },
];

/** Roles a key may act with: those its maker may give to an agent, in the services it makes keys for. */
export function roleGroups(actor: Actor): readonly OptionGroup[] {
  const kinds = reach(actor, 'api-key.manage').everywhere ? ORGANIZATION_KINDS : [actor.organizationKind];
  const given = kinds.flatMap((kind) => rolesToGive(actor.role, kind));
  return GROUPS.map(({ label, roles }) => ({
    label,
    options: roles
      .filter((role) => given.includes(role))
      .map((role) => ({ value: role, label: ROLE_NAMES[role] })),
  })).filter(({ options }) => options.length > 0);
}

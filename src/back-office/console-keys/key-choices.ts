import type { Actor } from '../../access/actor.js';
import { BEX_ROLES, type Role, SAP_ROLES, SPIP_ROLES } from '../../access/domain/roles.js';
import type { OptionGroup } from '../../ui/forms.js';
import { ROLE_NAMES } from '../role-names.js';

/** Roles a key may act with; that of a central administrator is theirs alone to give. */
export function roleGroups(actor: Actor): readonly OptionGroup[] {
  const options = (roles: readonly Role[]) => roles.map((role) => ({ value: role, label: ROLE_NAMES[role] }));
  const administrators: readonly Role[] = actor.role === 'admin' ? ['local-admin', 'admin'] : ['local-admin'];
  const courts = { label: 'Tribunal', options: options([...BEX_ROLES, ...SAP_ROLES]) };
  const spips = { label: 'SPIP', options: options(SPIP_ROLES) };
  return [
    { label: 'Administration', options: options(administrators) },
    ...(actor.role === 'admin' || actor.organizationKind === 'tj' ? [courts] : []),
    ...(actor.role === 'admin' || actor.organizationKind === 'spip' ? [spips] : []),
  ];
}

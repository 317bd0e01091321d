import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import { BEX_ROLES, type Role, SAP_ROLES, SPIP_ROLES } from '../../access/domain/roles.js';
import type { OptionGroup } from '../../ui/forms.js';
import { ROLE_NAMES } from '../frame.js';

const KINDS = { spip: 'SPIP', tj: 'Tribunaux' } as const;

/** Services for which the actor may make keys, by kind. */
export async function organizationGroups(tx: EntityManager, actor: Actor): Promise<readonly OptionGroup[]> {
  const { everywhere, organizationIds } = reach(actor, 'api-key.manage');
  const rows: { id: string; name: string; kind: keyof typeof KINDS }[] = await tx.query(
    'SELECT id, name, kind FROM organization WHERE $1::boolean OR id = ANY ($2::uuid[]) ORDER BY kind, name',
    [everywhere, organizationIds],
  );
  return Object.entries(KINDS)
    .map(([kind, label]) => ({
      label,
      options: rows.filter((row) => row.kind === kind).map(({ id, name }) => ({ value: id, label: name })),
    }))
    .filter(({ options }) => options.length > 0);
}

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

import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { Action } from '../../access/domain/rights-table.js';
import { reach } from '../../access/domain/rights.js';
import { namedOptions, type OptionGroup } from '../../ui/select-field.js';

const KINDS = { spip: 'SPIP', tj: 'Tribunaux' } as const;

/** Services for which the actor may do it, by kind. */
export async function organizationGroups(
  tx: EntityManager,
  actor: Actor,
  action: Action,
): Promise<readonly OptionGroup[]> {
  const { everywhere, organizationIds } = reach(actor, action);
  const rows: { id: string; name: string; kind: keyof typeof KINDS }[] = await tx.query(
    'SELECT id, name, kind FROM organization WHERE $1::boolean OR id = ANY ($2::uuid[]) ORDER BY kind, name',
    [everywhere, organizationIds],
  );
  return Object.entries(KINDS)
    .map(([kind, label]) => ({
      label,
      options: namedOptions(rows.filter((row) => row.kind === kind)),
    }))
    .filter(({ options }) => options.length > 0);
}

import type { Actor } from '../access/actor.js';
import { type TypeFamily, TYPE_FAMILIES } from '../access/domain/rights-table.js';
import { holds, reach, reaches } from '../access/domain/rights.js';

const ofFamilies = (parameter: string) =>
  `c.type_code IN (SELECT code FROM appointment_type WHERE family = ANY(${parameter}::text[]))`;

/**
 * For a query whose first parameters are `visibleScope(actor)` and whose convocations are `c`: at a place of the
 * actor's service or made by it, or about a person of its jurisdiction; each in the families its role sees.
 */
export const VISIBLE_CONVOCATION = `($1::boolean
  OR ((c.organization_id = ANY($2::uuid[]) OR c.created_by_organization_id = ANY($2::uuid[])) AND ${ofFamilies('$3')})
  OR (${ofFamilies('$5')} AND EXISTS (SELECT FROM person_organization follower
    WHERE follower.person_id = c.person_id AND follower.organization_id = ANY($4::uuid[]))))`;

/** For a query whose first parameters are `keptScope(actor)`: at places of the actor's service; by service and hour. */
export const KEPT_CONVOCATION = `c.organization_id IN (SELECT id FROM organization
    WHERE $1::boolean OR id = ANY($2::uuid[])) AND ${ofFamilies('$3')}`;

export type KeptScope = [everywhere: boolean, own: readonly string[], families: readonly TypeFamily[]];
export type VisibleScope = [...KeptScope, jurisdiction: readonly string[], families: readonly TypeFamily[]];

export function keptScope(actor: Actor): KeptScope {
  const { everywhere, organizationIds } = reach(actor, 'convocation.read');
  const families = TYPE_FAMILIES.filter((family) => reachesSome(actor, family));
  return [everywhere, organizationIds, families];
}

export function visibleScope(actor: Actor): VisibleScope {
  const families = TYPE_FAMILIES.filter((family) => holds(actor, `convocation.${family}`, 'person-linked'));
  return [...keptScope(actor), [actor.organizationId, ...actor.linkedOrganizationIds], families];
}

function reachesSome(actor: Actor, family: TypeFamily): boolean {
  const { everywhere, organizationIds } = reach(actor, `convocation.${family}`);
  return everywhere || organizationIds.length > 0;
}

/** The families whose outcomes this role records, wherever it reaches. */
export function outcomeFamilies(actor: Actor): readonly TypeFamily[] {
  return TYPE_FAMILIES.filter((family) => {
    const { everywhere, organizationIds } = reach(actor, `outcome.${family}`);
    return everywhere || organizationIds.length > 0;
  });
}

interface Kept {
  /** Service of the place. */
  readonly organizationId: string;
  readonly family: TypeFamily;
}

/** This role records outcomes of this family, and the place is of the actor's service. */
export function mayRecordOutcome(actor: Actor, { organizationId, family }: Kept): boolean {
  return reaches(actor, `outcome.${family}`, organizationId);
}

/** Seeing a convocation of the jurisdiction is not enough to move it. */
export function mayReschedule(
  actor: Actor,
  convocation: { readonly organizationId: string; readonly createdByOrganizationId: string },
): boolean {
  const { organizationId, createdByOrganizationId } = convocation;
  if (reaches(actor, 'convocation.reschedule', organizationId)) return true;
  return (
    holds(actor, 'convocation.reschedule', 'created-by-service') &&
    createdByOrganizationId === actor.organizationId
  );
}

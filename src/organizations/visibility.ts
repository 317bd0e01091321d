import { type Actor, actsEverywhere } from '../access/actor.js';

/**
 * Whose places an actor sees: the three parameters of `VISIBLE_PLACE`. A court also sees its linked SPIPs, for
 * hearing exits.
 */
export function placeScope(actor: Actor): [everywhere: boolean, own: string, linkedSpips: readonly string[]] {
  const linkedSpips = actor.organizationKind === 'tj' ? actor.linkedOrganizationIds : [];
  return [actsEverywhere(actor), actor.organizationId, linkedSpips];
}

/** For a query whose first parameters are `placeScope(actor)` and whose places are `p`. */
export const VISIBLE_PLACE =
  '($1::boolean OR p.organization_id = $2::uuid OR p.organization_id = ANY($3::uuid[]))';

/** The same, where types are `t`: of a linked SPIP, a court sees the hearing exits only. */
export const VISIBLE_OPENING =
  '($1::boolean OR p.organization_id = $2::uuid OR (t.is_hearing_exit AND p.organization_id = ANY($3::uuid[])))';

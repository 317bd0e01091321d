import type { Actor } from '../access/actor.js';
import { holds, reach } from '../access/domain/rights.js';

/** $1: every place; $2: of these services; $3: hearing exits of these services, or of any when null. */
export type PlaceScope = [everywhere: boolean, own: readonly string[], exits: readonly string[] | null];

/**
 * Whose places an actor sees: the three parameters of `VISIBLE_PLACE`. A court also sees its linked SPIPs, for
 * hearing exits; an inter-ressort enforcement office those of all France.
 */
export function placeScope(actor: Actor): PlaceScope {
  const { organizationIds } = reach(actor, 'agenda.read');
  const ofFrance = actor.isInterRessort && holds(actor, 'agenda.read', 'inter-ressort');
  const linked = holds(actor, 'agenda.read', 'linked-exits') ? actor.linkedOrganizationIds : [];
  return [holds(actor, 'agenda.read', 'everywhere'), organizationIds, ofFrance ? null : linked];
}

const EXITS_OF = 'coalesce(p.organization_id = ANY($3::uuid[]), true)';

/** For a query whose first parameters are `placeScope(actor)` and whose places are `p`. */
export const VISIBLE_PLACE = `($1::boolean OR p.organization_id = ANY($2::uuid[]) OR ${EXITS_OF})`;

/** The same, where types are `t`: of another service, hearing exits only. */
export const VISIBLE_OPENING = `($1::boolean OR p.organization_id = ANY($2::uuid[])
  OR (t.is_hearing_exit AND ${EXITS_OF}))`;

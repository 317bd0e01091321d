import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { Action } from '../../access/domain/rights-table.js';
import { reach } from '../../access/domain/rights.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';

export interface ManagedPlace {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly organizationZone: string;
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly contactMethod: 'phone' | 'email';
  readonly informationUrl: string | null;
  readonly isArchived: boolean;
  /** In use first. */
  readonly agendas: readonly ManagedAgenda[];
}

export interface ManagedAgenda {
  readonly id: string;
  readonly name: string;
  readonly isArchived: boolean;
  /** Convocations to come. */
  readonly future: number;
}

const COLUMNS = `p.id, o.id AS "organizationId", o.name AS "organizationName", o.time_zone AS "organizationZone",
  p.name, p.address, p.time_zone AS "timeZone", p.phone, p.email, p.contact_method AS "contactMethod",
  p.information_url AS "informationUrl", p.archived_at IS NOT NULL AS "isArchived",
  (SELECT coalesce(json_agg(json_build_object('id', a.id, 'name', a.name, 'isArchived', a.archived_at IS NOT NULL,
      'future', (SELECT count(*) FROM convocation c
        WHERE c.agenda_id = a.id AND c.state = 'booked' AND c.starts_at > app_now()))
    ORDER BY a.archived_at IS NOT NULL, a.name), '[]') FROM agenda a WHERE a.place_id = p.id) AS agendas`;
const PLACES = 'place p JOIN organization o ON o.id = p.organization_id';
const REACHED = '($1::boolean OR p.organization_id = ANY ($2::uuid[]))';

/** By service; those in use first. */
export function listManagedPlaces(tx: EntityManager, actor: Actor): Promise<readonly ManagedPlace[]> {
  return tx.query(
    `SELECT ${COLUMNS} FROM ${PLACES} WHERE ${REACHED} ORDER BY o.name, p.archived_at IS NOT NULL, p.name`,
    scope(actor, 'place.manage'),
  );
}

/** @throws NotFound when missing or not the actor's to manage */
export async function findManagedPlace(
  tx: EntityManager,
  actor: Actor,
  id: string,
  action: Action = 'place.manage',
): Promise<ManagedPlace> {
  if (!isUuid(id)) throw new NotFound('place');
  const rows: ManagedPlace[] = await tx.query(
    `SELECT ${COLUMNS} FROM ${PLACES} WHERE ${REACHED} AND p.id = $3`,
    [...scope(actor, action), id],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFound('place');
  return row;
}

/** Services in which the actor may make places. */
export function placeServices(
  tx: EntityManager,
  actor: Actor,
): Promise<readonly { id: string; name: string; timeZone: string }[]> {
  return tx.query(
    `SELECT id, name, time_zone AS "timeZone" FROM organization
      WHERE $1::boolean OR id = ANY ($2::uuid[]) ORDER BY name`,
    scope(actor, 'place.manage'),
  );
}

function scope(actor: Actor, action: Action): [boolean, readonly string[]] {
  const { everywhere, organizationIds } = reach(actor, action);
  return [everywhere, organizationIds];
}

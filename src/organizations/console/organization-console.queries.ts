import type { EntityManager } from 'typeorm';
import type { OrganizationKind } from '../../access/domain/roles.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { Calendar } from '../domain/calendar.js';

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganizationKind;
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly email: string | null;
  readonly headquartersId: string | null;
  readonly headquarters: string | null;
  readonly isInterRessort: boolean;
  readonly siret: string | null;
  readonly emailDomains: readonly string[];
  readonly linkIds: readonly string[];
  readonly links: readonly string[];
  readonly agents: number;
  readonly places: number;
}

const COLUMNS = `o.id, o.name, o.kind, o.time_zone AS "timeZone", o.calendar, o.email,
  o.headquarters_id AS "headquartersId", h.name AS headquarters, o.is_inter_ressort AS "isInterRessort",
  o.siret, o.email_domains AS "emailDomains",
  ARRAY(SELECT x.id FROM organization_link l JOIN organization x ON x.id IN (l.tj_id, l.spip_id) AND x.id <> o.id
    WHERE o.id IN (l.tj_id, l.spip_id) ORDER BY x.name) AS "linkIds",
  ARRAY(SELECT x.name FROM organization_link l JOIN organization x ON x.id IN (l.tj_id, l.spip_id) AND x.id <> o.id
    WHERE o.id IN (l.tj_id, l.spip_id) ORDER BY x.name) AS links,
  (SELECT count(*)::int FROM agent a WHERE a.organization_id = o.id AND a.disabled_at IS NULL) AS agents,
  (SELECT count(*)::int FROM place p WHERE p.organization_id = o.id AND p.archived_at IS NULL) AS places`;
const ROWS = 'organization o LEFT JOIN headquarters h ON h.id = o.headquarters_id';

/** All of them, by name: for central administrators. */
export function listAllOrganizations(tx: EntityManager): Promise<readonly OrganizationRow[]> {
  return tx.query(`SELECT ${COLUMNS} FROM ${ROWS} ORDER BY o.name`);
}

/** @throws NotFound */
export async function findOrganization(tx: EntityManager, id: string): Promise<OrganizationRow> {
  if (!isUuid(id)) throw new NotFound('organization');
  const rows: OrganizationRow[] = await tx.query(`SELECT ${COLUMNS} FROM ${ROWS} WHERE o.id = $1`, [id]);
  const row = rows[0];
  if (row === undefined) throw new NotFound('organization');
  return row;
}

export function listHeadquarters(tx: EntityManager): Promise<readonly { id: string; name: string }[]> {
  return tx.query('SELECT id, name FROM headquarters ORDER BY name');
}

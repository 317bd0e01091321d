import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { OrganizationKind, Role } from '../access/domain/roles.js';
import { Identification, type PageSession } from '../access/identification.port.js';
import { digest } from '../shared/tokens.js';
import { SESSION_IS_LIVE } from './sessions.js';

interface CallerRow {
  readonly role: Role;
  readonly organizationId: string;
  readonly organizationKind: OrganizationKind;
  readonly linkedOrganizationIds: readonly string[];
  readonly headquartersOrganizationIds: readonly string[];
  readonly isInterRessort: boolean;
}

interface SessionRow extends CallerRow {
  readonly agentId: string;
  readonly csrfToken: string;
  readonly agentName: string;
  readonly organizationName: string;
  readonly seenLongAgo: boolean;
}

const ORGANIZATION = `o.id AS "organizationId", o.kind AS "organizationKind",
  o.is_inter_ressort AS "isInterRessort", ARRAY(
  SELECT CASE WHEN l.tj_id = o.id THEN l.spip_id ELSE l.tj_id END
  FROM organization_link l WHERE o.id IN (l.tj_id, l.spip_id)) AS "linkedOrganizationIds"`;

const ANTENNAS = `ARRAY(SELECT antenna.id FROM organization antenna
  WHERE antenna.headquarters_id = a.headquarters_id) AS "headquartersOrganizationIds"`;

/** From a cookie or a key to an actor, read afresh at each request: a role withdrawn is withdrawn at once. */
@Injectable()
export class IdentifyCaller extends Identification {
  async ofSession(tx: EntityManager, token: string): Promise<PageSession | undefined> {
    const rows: SessionRow[] = await tx.query(
      `SELECT a.id AS "agentId", a.role, a.first_name || ' ' || a.last_name AS "agentName", ${ORGANIZATION},
         ${ANTENNAS},
         o.name AS "organizationName", s.csrf_token AS "csrfToken",
         s.last_seen_at < app_now() - interval '1 minute' AS "seenLongAgo"
       FROM session s JOIN agent a ON a.id = s.agent_id JOIN organization o ON o.id = a.organization_id
       WHERE s.token_hash = $1 AND a.disabled_at IS NULL AND ${SESSION_IS_LIVE}`,
      [digest(token)],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    if (row.seenLongAgo)
      await tx.query('UPDATE session SET last_seen_at = app_now() WHERE token_hash = $1', [digest(token)]);
    const { csrfToken, agentName, organizationName, agentId } = row;
    return { actor: { ...callerOf(row), agentId, apiKeyId: null }, csrfToken, agentName, organizationName };
  }

  async ofApiKey(tx: EntityManager, key: string): Promise<Actor | undefined> {
    const rows: (CallerRow & { apiKeyId: string })[] = await tx.query(
      `SELECT k.id AS "apiKeyId", k.role, '{}'::uuid[] AS "headquartersOrganizationIds", ${ORGANIZATION}
       FROM api_key k JOIN organization o ON o.id = k.organization_id
       WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
      [digest(key)],
    );
    const row = rows[0];
    return row === undefined ? undefined : { ...callerOf(row), agentId: null, apiKeyId: row.apiKeyId };
  }
}

function callerOf(row: CallerRow): CallerRow {
  const { role, organizationId, organizationKind } = row;
  const { linkedOrganizationIds, headquartersOrganizationIds, isInterRessort } = row;
  return {
    ...{ role, organizationId, organizationKind },
    ...{ linkedOrganizationIds, headquartersOrganizationIds, isInterRessort },
  };
}

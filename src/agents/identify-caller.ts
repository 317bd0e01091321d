import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../config/env.js';
import type { ApiScope } from '../access/domain/api-scopes.js';
import type { OrganizationKind, Role } from '../access/domain/roles.js';
import {
  Identification,
  type PageSession,
  type ProgramCaller,
  type SessionAlert,
} from '../access/identification.port.js';
import { prepared } from '../platform/prepared.js';
import { digest } from '../shared/tokens.js';
import { ALERTS_OF_AGENT } from './alerts/alert.queries.js';
import { KEY_IS_LIVE } from './keys/api-key.queries.js';
import { pendingStepOf } from './domain/session-steps.js';
import { SESSION_IS_LIVE } from './sessions.js';

interface CallerRow {
  readonly role: Role;
  readonly organizationId: string;
  readonly organizationKind: OrganizationKind;
  readonly timeZone: string;
  readonly linkedOrganizationIds: readonly string[];
  readonly headquartersOrganizationIds: readonly string[];
  readonly isInterRessort: boolean;
}

interface KeyRow extends CallerRow {
  readonly apiKeyId: string;
  readonly scopes: readonly ApiScope[] | null;
  readonly usedLongAgo: boolean;
}

interface SessionRow extends CallerRow {
  readonly agentId: string;
  readonly csrfToken: string;
  readonly agentName: string;
  readonly organizationName: string;
  readonly seenLongAgo: boolean;
  readonly isFresh: boolean;
  readonly hasSecondFactor: boolean;
  readonly showedSecondFactor: boolean;
  /** Of who signed in: another person than `agentId` during an impersonation. */
  readonly ownerId: string;
  readonly ownerName: string;
  readonly ownerRole: Role;
  readonly charterVersion: number | null;
  readonly minutesLeft: number | null;
  readonly alerts: readonly SessionAlert[];
}

/** The agent `a` of a session `s`: its owner, or whom a central administrator acts for during 30 minutes. */
const SESSION_AND_AGENT = `session s JOIN agent owner ON owner.id = s.agent_id AND owner.disabled_at IS NULL
  LEFT JOIN LATERAL (SELECT i.agent_id, ceil(extract(epoch FROM i.ends_at - app_now()) / 60)::int AS minutes_left
    FROM impersonation i
    JOIN agent target ON target.id = i.agent_id AND target.disabled_at IS NULL AND target.role <> 'admin'
    WHERE i.id = s.impersonation_id AND i.ended_at IS NULL AND i.ends_at > app_now() AND owner.role = 'admin'
  ) acting ON true
  JOIN agent a ON a.id = coalesce(acting.agent_id, owner.id)`;

const ORGANIZATION = `o.id AS "organizationId", o.kind AS "organizationKind", o.time_zone AS "timeZone",
  o.is_inter_ressort AS "isInterRessort", ARRAY(
  SELECT CASE WHEN l.tj_id = o.id THEN l.spip_id ELSE l.tj_id END
  FROM organization_link l WHERE o.id IN (l.tj_id, l.spip_id)) AS "linkedOrganizationIds"`;

const ANTENNAS = `ARRAY(SELECT antenna.id FROM organization antenna
  WHERE antenna.headquarters_id = a.headquarters_id) AS "headquartersOrganizationIds"`;

/** Asked by every page: planned once. */
const SESSION = prepared(`
SELECT a.id AS "agentId", a.role, a.first_name || ' ' || a.last_name AS "agentName", ${ORGANIZATION},
  ${ANTENNAS},
  o.name AS "organizationName",
  CASE WHEN acting.agent_id IS NULL THEN s.csrf_token ELSE s.impersonation_csrf END AS "csrfToken",
  owner.id AS "ownerId", owner.first_name || ' ' || owner.last_name AS "ownerName", owner.role AS "ownerRole",
  owner.charter_version AS "charterVersion", acting.minutes_left AS "minutesLeft", ${ALERTS_OF_AGENT},
  s.proved_at > app_now() - interval '15 minutes' AS "isFresh",
  owner.totp_secret IS NOT NULL AS "hasSecondFactor",
  s.second_factor_at IS NOT NULL AS "showedSecondFactor",
  s.last_seen_at < app_now() - interval '1 minute' AS "seenLongAgo"
  FROM ${SESSION_AND_AGENT} JOIN organization o ON o.id = a.organization_id
 WHERE s.token_hash = $1 AND ${SESSION_IS_LIVE}`);

const KEY = prepared(`
SELECT k.id AS "apiKeyId", k.role, k.scopes, '{}'::uuid[] AS "headquartersOrganizationIds", ${ORGANIZATION},
  k.last_used_at IS NULL OR k.last_used_at < app_now() - interval '1 minute' AS "usedLongAgo"
  FROM api_key k JOIN organization o ON o.id = k.organization_id
 WHERE k.key_hash = $1 AND ${KEY_IS_LIVE}`);

/** From a cookie or a key to an actor, read afresh at each request: a role withdrawn is withdrawn at once. */
@Injectable()
export class IdentifyCaller extends Identification {
  constructor(private readonly env: Env) {
    super();
  }

  async ofSession(tx: EntityManager, token: string): Promise<PageSession | undefined> {
    const rows: SessionRow[] = await tx.query(SESSION, [digest(token)]);
    const row = rows[0];
    if (row === undefined) return undefined;
    if (row.seenLongAgo)
      await tx.query('UPDATE session SET last_seen_at = app_now() WHERE token_hash = $1', [digest(token)]);
    const { csrfToken, agentName, organizationName, agentId, isFresh, alerts } = row;
    const actor = {
      ...callerOf(row),
      agentId,
      apiKeyId: null,
      impersonatorId: row.minutesLeft === null ? null : row.ownerId,
    };
    // Steps are those of who sits there: nobody accepts a charter in another's name.
    const isDemo = this.env.APP_ENV === 'demo';
    const pendingStep = pendingStepOf({ ...row, role: row.ownerRole, isDemo });
    const impersonation =
      row.minutesLeft === null ? null : { byName: row.ownerName, minutesLeft: row.minutesLeft };
    return { actor, csrfToken, agentName, organizationName, pendingStep, isFresh, alerts, impersonation };
  }

  async ofApiKey(tx: EntityManager, key: string): Promise<ProgramCaller | undefined> {
    const rows: KeyRow[] = await tx.query(KEY, [digest(key)]);
    const row = rows[0];
    if (row === undefined) return undefined;
    const { apiKeyId, scopes } = row;
    if (row.usedLongAgo) await noteUse(tx, apiKeyId);
    return { actor: { ...callerOf(row), agentId: null, apiKeyId }, scopes };
  }
}

/** Not waited for: a key used by many requests at once is noted by one of them. */
async function noteUse(tx: EntityManager, apiKeyId: string): Promise<void> {
  await tx.query(
    `UPDATE api_key SET last_used_at = app_now()
      WHERE id = (SELECT id FROM api_key WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED)`,
    [apiKeyId],
  );
}

function callerOf(row: CallerRow): CallerRow {
  const { role, organizationId, organizationKind, timeZone } = row;
  const { linkedOrganizationIds, headquartersOrganizationIds, isInterRessort } = row;
  return {
    ...{ role, organizationId, organizationKind, timeZone },
    ...{ linkedOrganizationIds, headquartersOrganizationIds, isInterRessort },
  };
}

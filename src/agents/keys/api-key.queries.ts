import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { ApiScope } from '../../access/domain/api-scopes.js';
import { reach } from '../../access/domain/rights.js';
import type { Role } from '../../access/domain/roles.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { type Instant, instantOf } from '../../shared/time.js';

/** For a query on `api_key k`: neither revoked nor past its end. */
export const KEY_IS_LIVE = 'k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > app_now())';

export type KeyState = 'live' | 'replaced' | 'expired' | 'revoked';

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly publicId: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly timeZone: string;
  readonly role: Role;
  /** Null: all of them. */
  readonly scopes: readonly ApiScope[] | null;
  readonly state: KeyState;
  readonly createdAt: Instant;
  /** Null: by command. */
  readonly createdBy: string | null;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  /** Public id of the key that took over. */
  readonly replacedBy: string | null;
}

type Row = Omit<ApiKeyView, 'createdAt' | 'expiresAt' | 'lastUsedAt'> & {
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

const COLUMNS = `k.id, k.name, k.public_id AS "publicId", o.id AS "organizationId", o.name AS "organizationName",
  o.time_zone AS "timeZone", k.role, k.scopes, k.created_at AS "createdAt",
  a.first_name || ' ' || a.last_name AS "createdBy", k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt",
  successor.public_id AS "replacedBy",
  CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN NOT (${KEY_IS_LIVE}) THEN 'expired'
    WHEN k.replaced_by IS NOT NULL THEN 'replaced' ELSE 'live' END AS state`;
const KEYS = `api_key k JOIN organization o ON o.id = k.organization_id LEFT JOIN named_agent a ON a.id = k.created_by
  LEFT JOIN api_key successor ON successor.id = k.replaced_by`;
/** An administrator's key is an administrator's to see. */
const REACHED = `($1::boolean OR (k.organization_id = ANY ($2::uuid[]) AND k.role <> 'admin'))`;

/** Working ones first, then the others, newest first. @returns at most 500 */
export async function listApiKeys(tx: EntityManager, actor: Actor): Promise<readonly ApiKeyView[]> {
  const { everywhere, organizationIds } = reach(actor, 'api-key.manage');
  const rows: Row[] = await tx.query(
    `SELECT ${COLUMNS} FROM ${KEYS} WHERE ${REACHED}
      ORDER BY (${KEY_IS_LIVE}) DESC, k.created_at DESC, k.id LIMIT 500`,
    [everywhere, organizationIds],
  );
  return rows.map(viewOf);
}

/** @throws NotFound when missing or not the actor's to manage */
export async function findApiKey(tx: EntityManager, actor: Actor, id: string): Promise<ApiKeyView> {
  if (!isUuid(id)) throw new NotFound('api key');
  const { everywhere, organizationIds } = reach(actor, 'api-key.manage');
  const rows: Row[] = await tx.query(`SELECT ${COLUMNS} FROM ${KEYS} WHERE ${REACHED} AND k.id = $3`, [
    everywhere,
    organizationIds,
    id,
  ]);
  const row = rows[0];
  if (row === undefined) throw new NotFound('api key');
  return viewOf(row);
}

function viewOf(row: Row): ApiKeyView {
  return {
    ...row,
    createdAt: instantOf(row.createdAt),
    expiresAt: row.expiresAt === null ? null : instantOf(row.expiresAt),
    lastUsedAt: row.lastUsedAt === null ? null : instantOf(row.lastUsedAt),
  };
}

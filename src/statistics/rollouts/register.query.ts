import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { scopeOf } from '../../access/domain/rights.js';
import { NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';

export interface ManagedService {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
}

/** A row of the register with its names, whether it still holds or not. */
export interface RegisterEntry {
  readonly id: string;
  readonly scopeKind: 'service' | 'place' | 'type' | 'agent';
  /** Of the place, type or agent; empty for the whole service. */
  readonly scopeName: string;
  readonly startedOn: string;
  readonly stoppedOn: string | null;
  readonly note: string;
  readonly writtenAt: Date;
  readonly writtenBy: string | null;
  readonly withdrawnAt: Date | null;
  readonly withdrawnBy: string | null;
  /** The row that this one corrects. */
  readonly replacesId: string | null;
}

export interface TargetEntry {
  readonly relativeChange: number;
  readonly fromOn: string;
  readonly untilOn: string;
  readonly note: string;
  readonly writtenAt: Date;
  readonly writtenBy: string | null;
  readonly withdrawnAt: Date | null;
}

export interface ScopeChoices {
  readonly places: readonly { readonly id: string; readonly name: string }[];
  readonly types: readonly { readonly id: string; readonly name: string }[];
  readonly agents: readonly { readonly id: string; readonly name: string }[];
}

/** Services whose register the actor keeps, by name. */
export async function managedServices(tx: EntityManager, actor: Actor): Promise<readonly ManagedService[]> {
  return tx.query(
    `SELECT id, name, time_zone AS "timeZone" FROM organization WHERE $1::boolean OR id = ANY($2::uuid[]) ORDER BY name, id`,
    scopeOf(actor, 'rollout.manage'),
  );
}

/** The one asked for, the actor's own when none is. @throws NotFound */
export async function managedService(
  tx: EntityManager,
  actor: Actor,
  asked: string | undefined,
): Promise<ManagedService> {
  const id = asked ?? actor.organizationId;
  const found = isUuid(id) ? (await managedServices(tx, actor)).find((one) => one.id === id) : undefined;
  if (found === undefined) throw new NotFound('organization');
  return found;
}

/** Everything ever written about the service: what holds first, each part newest first. */
export async function registerOf(
  tx: EntityManager,
  organizationId: string,
): Promise<readonly RegisterEntry[]> {
  return tx.query(`${ENTRY} WHERE r.organization_id = $1 ORDER BY ${ORDER}`, [organizationId]);
}

/** One row that holds. @throws NotFound, also for a row of a service that the actor does not administer */
export async function heldEntry(
  tx: EntityManager,
  actor: Actor,
  id: string,
): Promise<RegisterEntry & { readonly organizationId: string }> {
  if (!isUuid(id)) throw new NotFound('rollout');
  const rows: (RegisterEntry & { organizationId: string })[] = await tx.query(
    `${ENTRY} WHERE r.id = $1 AND r.withdrawn_at IS NULL AND ($2::boolean OR r.organization_id = ANY($3::uuid[]))`,
    [id, ...scopeOf(actor, 'rollout.manage')],
  );
  const found = rows[0];
  if (found === undefined) throw new NotFound('rollout');
  return found;
}

/** Every target ever set, newest first. */
export async function targetHistory(
  tx: EntityManager,
  organizationId: string,
): Promise<readonly TargetEntry[]> {
  return tx.query(
    `SELECT t.relative_change::double precision AS "relativeChange", t.from_on AS "fromOn", t.until_on AS "untilOn",
            t.note, t.created_at AS "writtenAt", ${nameOf('a')} AS "writtenBy", t.withdrawn_at AS "withdrawnAt"
       FROM rollout_target t LEFT JOIN named_agent a ON a.id = t.created_by_agent_id
      WHERE t.organization_id = $1 ORDER BY t.created_at DESC, t.id`,
    [organizationId],
  );
}

/** What a roll-out of the service may be about, besides the whole of it. */
export async function scopeChoices(tx: EntityManager, organizationId: string): Promise<ScopeChoices> {
  const rows: { kind: keyof ScopeChoices; id: string; name: string }[] = await tx.query(
    `SELECT 'places' AS kind, id::text, name FROM place WHERE organization_id = $1
     UNION ALL SELECT 'types', code, name FROM appointment_type
     UNION ALL SELECT 'agents', a.id::text, ${nameOf('a')} FROM agent a WHERE organization_id = $1
     ORDER BY name`,
    [organizationId],
  );
  const of = (kind: keyof ScopeChoices) => rows.filter((row) => row.kind === kind);
  return { places: of('places'), types: of('types'), agents: of('agents') };
}

/** @param alias of a row of `agent` */
function nameOf(alias: string): string {
  return `${alias}.first_name || ' ' || ${alias}.last_name`;
}

const ENTRY = `
SELECT r.id, r.organization_id AS "organizationId",
       CASE WHEN r.place_id IS NOT NULL THEN 'place' WHEN r.type_code IS NOT NULL THEN 'type'
            WHEN r.agent_id IS NOT NULL THEN 'agent' ELSE 'service' END AS "scopeKind",
       coalesce(p.name, t.name, ${nameOf('a')}, '') AS "scopeName",
       r.started_on AS "startedOn", r.stopped_on AS "stoppedOn", r.note, r.created_at AS "writtenAt",
       ${nameOf('w')} AS "writtenBy", r.withdrawn_at AS "withdrawnAt", ${nameOf('x')} AS "withdrawnBy",
       r.replaces_id AS "replacesId"
  FROM rollout r LEFT JOIN place p ON p.id = r.place_id LEFT JOIN appointment_type t ON t.code = r.type_code
  LEFT JOIN named_agent a ON a.id = r.agent_id LEFT JOIN named_agent w ON w.id = r.created_by_agent_id
  LEFT JOIN named_agent x ON x.id = r.withdrawn_by_agent_id`;
const ORDER = `r.withdrawn_at IS NOT NULL, r.withdrawn_at DESC, r.started_on DESC, r.id`;

import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, scopeOf } from '../../access/domain/rights.js';
import { Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { toLocal } from '../../shared/time.js';
import type { Instant } from '../../shared/time.js';
import { overlaps, periodFault, type RolloutPeriod, type RolloutScope } from './domain/rollout.js';

export const LONGEST_NOTE = 300;

/** A row of the register that holds. */
export interface RegisterRow extends RolloutPeriod {
  readonly id: string;
  readonly organizationId: string;
  readonly placeId: string | null;
  readonly typeCode: string | null;
  readonly agentId: string | null;
  readonly note: string;
}

/** A line of the register, not yet written. */
export type NewRow = Omit<RegisterRow, 'id'>;

/**
 * The service whose register is about to change, locked: two starts written at once do not both hold.
 * @returns today at the service
 * @throws Forbidden by role, NotFound for a service that the actor does not administer
 */
export async function lockService(
  tx: EntityManager,
  organizationId: string,
  actor: Actor,
  now: Instant,
): Promise<string> {
  if (!may(actor, 'rollout.manage')) throw new Forbidden('rollout.manage');
  if (!isUuid(organizationId)) throw new NotFound('organization');
  const rows: { time_zone: string }[] = await tx.query(
    `SELECT time_zone FROM organization WHERE id = $1 AND ($2::boolean OR id = ANY($3::uuid[])) FOR NO KEY UPDATE`,
    [organizationId, ...scopeOf(actor, 'rollout.manage')],
  );
  const found = rows[0];
  if (found === undefined) throw new NotFound('organization');
  return toLocal(now, found.time_zone).date;
}

/** The row, when it holds and the actor administers its service. @throws Forbidden, NotFound */
export async function heldRow(
  tx: EntityManager,
  rolloutId: string,
  actor: Actor,
  now: Instant,
): Promise<{ readonly row: RegisterRow; readonly today: string }> {
  if (!may(actor, 'rollout.manage')) throw new Forbidden('rollout.manage');
  if (!isUuid(rolloutId)) throw new NotFound('rollout');
  const found: { organization_id: string }[] = await tx.query(
    'SELECT organization_id FROM rollout WHERE id = $1',
    [rolloutId],
  );
  if (found[0] === undefined) throw new NotFound('rollout');
  const today = await lockService(tx, found[0].organization_id, actor, now);
  const row = (await rowsOf(tx, found[0].organization_id)).find(({ id }) => id === rolloutId);
  if (row === undefined) throw new NotFound('rollout');
  return { row, today };
}

/**
 * Writes a row and brings the first start of the service up to date.
 * @throws ValidationFailed for impossible days, too long a note, a period that another row of the scope covers
 */
export async function addRow(
  tx: EntityManager,
  row: NewRow,
  actor: Actor,
  today: string,
  replacesId: string | null = null,
): Promise<string> {
  const fault = periodFault(row, today);
  if (fault !== null) throw refused(fault, 'date');
  if (row.note.length > LONGEST_NOTE) throw refused('note', 'max-length');
  const others = (await rowsOf(tx, row.organizationId)).filter((other) => isSameScope(other, row));
  if (others.some((other) => overlaps(other, row))) throw refused('startedOn', 'overlap');
  const made: { id: string }[] = await tx.query(
    `INSERT INTO rollout (organization_id, place_id, type_code, agent_id, started_on, stopped_on, note,
       created_by_agent_id, replaces_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
    [
      ...[row.organizationId, row.placeId, row.typeCode, row.agentId, row.startedOn, row.stoppedOn, row.note],
      ...[actor.agentId, replacesId],
    ],
  );
  await keepFirstStart(tx, row.organizationId);
  return made[0]?.id ?? '';
}

/** The row holds no longer and stays in the history. */
export async function withdrawRow(tx: EntityManager, row: RegisterRow, actor: Actor): Promise<void> {
  await tx.query(
    'UPDATE rollout SET withdrawn_at = app_now(), withdrawn_by_agent_id = $2 WHERE id = $1 AND withdrawn_at IS NULL',
    [row.id, actor.agentId],
  );
  await keepFirstStart(tx, row.organizationId);
}

/** Columns of a scope. @throws ValidationFailed for what is not of this service */
export async function scopeColumns(
  tx: EntityManager,
  organizationId: string,
  scope: RolloutScope,
): Promise<Pick<RegisterRow, 'placeId' | 'typeCode' | 'agentId'>> {
  const none = { placeId: null, typeCode: null, agentId: null };
  if (scope.kind === 'service') return none;
  if (scope.kind !== 'type' && !isUuid(scope.id)) throw refused('scope', 'unknown');
  const found: unknown[] = await tx.query(KNOWN[scope.kind], [scope.id, organizationId]);
  if (found.length === 0) throw refused('scope', 'unknown');
  if (scope.kind === 'place') return { ...none, placeId: scope.id };
  return scope.kind === 'type' ? { ...none, typeCode: scope.id } : { ...none, agentId: scope.id };
}

const KNOWN = {
  place: 'SELECT FROM place WHERE id = $1 AND organization_id = $2',
  type: 'SELECT FROM appointment_type WHERE code = $1 AND $2::uuid IS NOT NULL',
  agent: 'SELECT FROM agent WHERE id = $1 AND organization_id = $2',
} as const;

/** Of one field of a form. */
export function refused(field: string, code: string): ValidationFailed {
  return new ValidationFailed([{ field, code, message: `${field}: ${code}` }]);
}

async function rowsOf(tx: EntityManager, organizationId: string): Promise<readonly RegisterRow[]> {
  return tx.query(
    `SELECT id, organization_id AS "organizationId", place_id AS "placeId", type_code AS "typeCode",
            agent_id AS "agentId", started_on AS "startedOn", stopped_on AS "stoppedOn", note
       FROM rollout WHERE organization_id = $1 AND withdrawn_at IS NULL`,
    [organizationId],
  );
}

/** `organization.rolled_out_on` is the earliest start of the whole service that holds. */
async function keepFirstStart(tx: EntityManager, organizationId: string): Promise<void> {
  await tx.query(
    `UPDATE organization SET rolled_out_on = (
       SELECT min(started_on) FROM rollout WHERE organization_id = $1 AND withdrawn_at IS NULL
          AND place_id IS NULL AND type_code IS NULL AND agent_id IS NULL) WHERE id = $1`,
    [organizationId],
  );
}

function isSameScope(a: Omit<NewRow, 'note'>, b: Omit<NewRow, 'note'>): boolean {
  return a.placeId === b.placeId && a.typeCode === b.typeCode && a.agentId === b.agentId;
}

import type { EntityManager } from 'typeorm';
import type { Replanned } from './plan-changes.js';
import { BATCH, COMING, type Place, type ReplanScope } from './replan-batch.js';

/** How far a change has come; messages, but `total` and `reached` are convocations. */
export interface ReplanProgress extends Replanned {
  readonly total: number;
  readonly reached: number;
  readonly isFinished: boolean;
}

/** One that is ours until the end of the transaction. */
export interface OpenReplan extends ReplanScope {
  readonly id: string;
  /** Last convocation of the batches that are done. */
  readonly last: Place | null;
}

/**
 * Writes down what is to be planned again, in the transaction of the change that asks for it.
 * @returns long when it is more than one batch, with what the same transaction asked for before
 */
export async function openReplan(
  tx: EntityManager,
  { organizationId, typeCode, territory }: ReplanScope,
): Promise<{ readonly id: string; readonly isLong: boolean }> {
  const rows: { id: string; isLong: boolean }[] = await tx.query(
    `INSERT INTO replan (organization_id, type_code, territory, total)
     SELECT $1::uuid, $2::text, $3::text, count(*)::int FROM ${COMING}
     RETURNING id, total + (SELECT coalesce(sum(r.total), 0) FROM replan r
                             WHERE r.created_at = app_now()::timestamptz(3) AND r.finished_at IS NULL) > ${BATCH} AS "isLong"`,
    [organizationId, typeCode, territory],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a replan is written down');
  return row;
}

/** Those that are committed and not finished. */
export async function openReplanIds(tx: EntityManager): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query('SELECT id FROM replan WHERE finished_at IS NULL');
  return rows.map(({ id }) => id);
}

interface Row extends ReplanScope {
  readonly id: string;
  readonly lastOrganizationId: string | null;
  readonly lastStartsAt: Date | null;
  readonly lastId: string | null;
}

/** The oldest of these that is not finished and that nobody else works on. */
export async function takeReplan(tx: EntityManager, ids: readonly string[]): Promise<OpenReplan | undefined> {
  const rows: Row[] = await tx.query(
    `SELECT id, organization_id AS "organizationId", type_code AS "typeCode", territory,
            last_organization_id AS "lastOrganizationId", last_starts_at AS "lastStartsAt",
            last_convocation_id AS "lastId"
       FROM replan WHERE id = ANY($1::uuid[]) AND finished_at IS NULL
      ORDER BY created_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
    [ids],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { lastOrganizationId, lastStartsAt, lastId, ...replan } = row;
  const last =
    lastOrganizationId === null || lastStartsAt === null || lastId === null
      ? null
      : { organizationId: lastOrganizationId, startsAt: lastStartsAt, id: lastId };
  return { ...replan, last };
}

/** A batch of it is done; fewer convocations than a batch holds are the last. */
export async function advanceReplan(
  tx: EntityManager,
  id: string,
  places: readonly Place[],
  done: Replanned,
): Promise<void> {
  const last = places.at(-1);
  await tx.query(
    `UPDATE replan SET reached = reached + $2, moved = moved + $3, added = added + $4, withdrawn = withdrawn + $5,
            altered = altered + $6, last_organization_id = coalesce($7, last_organization_id),
            last_starts_at = coalesce($8, last_starts_at), last_convocation_id = coalesce($9, last_convocation_id),
            finished_at = CASE WHEN $10::boolean THEN app_now() END
      WHERE id = $1`,
    [
      id,
      places.length,
      done.moved,
      done.added,
      done.withdrawn,
      done.altered,
      last?.organizationId ?? null,
      last?.startsAt ?? null,
      last?.id ?? null,
      places.length < BATCH,
    ],
  );
}

/** Undefined when there is none by that id. */
export async function findReplan(tx: EntityManager, id: string): Promise<ReplanProgress | undefined> {
  const rows: ReplanProgress[] = await tx.query(
    `SELECT moved, added, withdrawn, altered, total, least(reached, total) AS reached,
            finished_at IS NOT NULL AS "isFinished"
       FROM replan WHERE id::text = $1`,
    [id],
  );
  return rows[0];
}

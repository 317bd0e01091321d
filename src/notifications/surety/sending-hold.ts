import type { EntityManager } from 'typeorm';

/** SQL condition: an operator of ours, a restored backup or a wrong environment holds every message back. */
export const IS_HELD = 'EXISTS (SELECT FROM sending_hold WHERE released_at IS NULL)';

/** SQL condition: this database came back from a backup and nobody has said yet that it is the service again. */
export const IS_RESTORED_COPY = `EXISTS (
  SELECT FROM sending_hold WHERE released_at IS NULL AND reason = 'restored-backup')`;

export type HoldReason = 'command' | 'restored-backup' | 'environment-mismatch';

/** Why nothing leaves now. */
export interface Hold {
  /** Null for a wrong environment: nothing was written. */
  readonly id: string | null;
  readonly reason: HoldReason;
  /** Words of whoever set it, or what was found; never personal data. */
  readonly detail: string | null;
  /** Null for a wrong environment: it held from the first moment. */
  readonly since: Date | null;
  /** `agent:<id>`, `cli` or `worker`. */
  readonly setBy: string;
}

/**
 * The hold in force, or null. A database made for another environment counts as held and is never written to: the
 * process is the stranger there, and the database's own workers go on. Such a hold cannot be released.
 * @param environment `APP_ENV` of this process
 */
export async function holdOf(tx: EntityManager, environment: string): Promise<Hold | null> {
  const rows: (Omit<Hold, 'reason'> & { reason: HoldReason | null; made: string | null })[] = await tx.query(
    `SELECT h.id, h.reason, h.detail, h.since, h.set_by AS "setBy", (SELECT name FROM environment) AS made
       FROM (SELECT) AS one LEFT JOIN sending_hold h ON h.released_at IS NULL`,
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (row.made !== environment) return mismatch(row.made ?? 'nothing', environment);
  const { made: _made, reason, ...hold } = row;
  return reason === null ? null : { ...hold, reason };
}

/** Whether this process may touch what is sent from this database. */
export async function isMadeFor(tx: EntityManager, environment: string): Promise<boolean> {
  const rows: { name: string }[] = await tx.query('SELECT name FROM environment');
  return rows[0]?.name === environment;
}

function mismatch(made: string, environment: string): Hold {
  const detail = `made for ${made}, APP_ENV is ${environment}`;
  return { id: null, reason: 'environment-mismatch', detail, since: null, setBy: 'worker' };
}

import type { EntityManager } from 'typeorm';
import { monthlyFigures } from '../monthly-figures.query.js';
import type { Actor } from '../../access/actor.js';
import type { BaselineCount } from './domain/read-baseline.js';

/** One import, whether it still counts or was undone. */
export interface BaselineImport {
  readonly id: string;
  readonly source: string;
  readonly rows: number;
  /** `YYYY-MM-01` */
  readonly firstMonth: string | null;
  readonly lastMonth: string | null;
  readonly importedAt: Date;
  readonly importedBy: string | null;
  readonly undoneAt: Date | null;
  readonly undoneBy: string | null;
}

/** Imports of a service, newest first. */
export async function baselineImports(
  tx: EntityManager,
  organizationId: string,
): Promise<readonly BaselineImport[]> {
  return tx.query(
    `SELECT i.id, i.source, i.rows, i.first_month AS "firstMonth", i.last_month AS "lastMonth",
            i.created_at AS "importedAt", w.first_name || ' ' || w.last_name AS "importedBy",
            i.undone_at AS "undoneAt", x.first_name || ' ' || x.last_name AS "undoneBy"
       FROM baseline_import i LEFT JOIN named_agent w ON w.id = i.created_by_agent_id
       LEFT JOIN named_agent x ON x.id = i.undone_by_agent_id
      WHERE i.organization_id = $1 ORDER BY i.created_at DESC, i.id`,
    [organizationId],
  );
}

/** Key of a count within a service. */
export const countKey = ({ month, typeCode }: Pick<BaselineCount, 'month' | 'typeCode'>) =>
  `${month} ${typeCode ?? ''}`;

/** Keys of the counts that earlier imports brought. */
export async function importedKeys(tx: EntityManager, organizationId: string): Promise<ReadonlySet<string>> {
  const rows: { month: string; typeCode: string | null }[] = await tx.query(
    `SELECT to_char(month, 'YYYY-MM') AS month, type_code AS "typeCode" FROM baseline_count WHERE organization_id = $1`,
    [organizationId],
  );
  return new Set(rows.map(countKey));
}

/** Months in which the service itself marked something: imported counts of theirs are not used. */
export async function recordedMonths(
  tx: EntityManager,
  actor: Actor,
  organizationId: string,
  counts: readonly BaselineCount[],
): Promise<ReadonlySet<string>> {
  const [first, last] = [counts[0], counts.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  const period = { from: first.month, to: last.month };
  const figures = await monthlyFigures(tx, actor, { organizationIds: [organizationId], ...period });
  return new Set(figures.filter(({ source }) => source === 'recorded').map(({ month }) => month));
}

/** Every appointment type, to recognize those of a file. */
export async function appointmentTypes(
  tx: EntityManager,
): Promise<readonly { readonly code: string; readonly name: string }[]> {
  return tx.query('SELECT code, name FROM appointment_type ORDER BY position, code');
}

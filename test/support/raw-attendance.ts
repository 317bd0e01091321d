import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../src/access/actor.js';
import { COUNTED, OUTCOME_COUNTS } from '../../src/statistics/attendance.query.js';
import { absenceRate, type OutcomeCounts } from '../../src/statistics/domain/absence-rate.js';
import type { FigureFilter } from '../../src/statistics/monthly-figures.query.js';

/** The definition itself, over every row: what the figures of the pages are held against. */

const KEYS = { month: `to_char(c.local_date, 'YYYY-MM')`, type: 'c.type_code', place: 'c.place_id::text' };

const FILTERED = `FROM convocation c
  WHERE ($1::boolean OR c.organization_id = $2) AND ($3::uuid[] IS NULL OR c.organization_id = ANY($3))
    AND ($4::text[] IS NULL OR c.type_code = ANY($4)) AND ($5::uuid IS NULL OR c.place_id = $5) AND ${COUNTED}`;

export function rawMonthlyFigures(tx: EntityManager, actor: Actor, filter: FigureFilter): Promise<object[]> {
  return tx.query(
    `SELECT c.organization_id AS "organizationId", ${KEYS.month} AS month, 'recorded' AS source, ${OUTCOME_COUNTS}
       ${FILTERED} AND ${KEYS.month} BETWEEN $6 AND $7 GROUP BY 1, 2 ORDER BY 1, 2`,
    valuesOf(actor, filter),
  );
}

export function rawDetailedMonths(tx: EntityManager, actor: Actor, filter: FigureFilter): Promise<object[]> {
  const by = (who: string) => `(count(*) FILTER (WHERE c.cancelled_by = '${who}'))::integer`;
  return tx.query(
    `SELECT c.organization_id AS "organizationId", ${KEYS.month} AS month, 'recorded' AS source, ${OUTCOME_COUNTS},
            ${by('service')} AS "cancelledByService", ${by('person')} AS "cancelledByPerson", ${by('court')} AS "cancelledByCourt",
            (count(*) FILTER (WHERE c.promise_version > 1 AND c.state <> 'cancelled'))::integer AS rescheduled
       ${FILTERED} AND ${KEYS.month} BETWEEN $6 AND $7 GROUP BY 1, 2 ORDER BY 1, 2`,
    valuesOf(actor, filter),
  );
}

export async function rawAttendance(
  tx: EntityManager,
  request: { organizationId: string; from: string; to: string; groupBy: keyof typeof KEYS },
): Promise<object[]> {
  const rows: OutcomeCounts[] = await tx.query(
    `SELECT ${KEYS[request.groupBy]} AS key, ${OUTCOME_COUNTS} FROM convocation c
      WHERE c.organization_id = $1 AND c.local_date BETWEEN $2 AND $3 AND ${COUNTED} GROUP BY 1 ORDER BY 1`,
    [request.organizationId, request.from, request.to],
  );
  return rows.map((row) => ({ ...row, absenceRate: absenceRate(row) }));
}

function valuesOf(actor: Actor, filter: FigureFilter): unknown[] {
  return [
    actsEverywhere(actor),
    actor.organizationId,
    filter.organizationIds ?? null,
    filter.typeCodes ?? null,
    filter.placeId ?? null,
    filter.from,
    filter.to,
  ];
}

import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../access/actor.js';
import { COUNTED, OUTCOME_COUNTS } from './attendance.query.js';
import type { ServiceMonth } from './domain/counts.js';

export interface FigureFilter {
  /** All that the actor may see when absent. */
  readonly organizationIds?: readonly string[] | undefined;
  readonly typeCodes?: readonly string[] | undefined;
  readonly placeId?: string | undefined;
  /** First and last month, `YYYY-MM`, both included. */
  readonly from: string;
  readonly to: string;
}

/**
 * Counts by service and month, in the order of service id and month: the actor's own service, every service for a
 * central administrator. Months without anything are absent.
 */
export async function monthlyFigures(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
): Promise<readonly ServiceMonth[]> {
  return tx.query(
    `SELECT c.organization_id AS "organizationId", to_char(c.local_date, 'YYYY-MM') AS month, 'recorded' AS source,
            ${OUTCOME_COUNTS}
       FROM convocation c
      WHERE ($1::boolean OR c.organization_id = $2) AND ($3::uuid[] IS NULL OR c.organization_id = ANY($3))
        AND ($4::text[] IS NULL OR c.type_code = ANY($4)) AND ($5::uuid IS NULL OR c.place_id = $5)
        AND c.local_date >= ($6 || '-01')::date AND c.local_date < ($7 || '-01')::date + interval '1 month'
        AND ${COUNTED}
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [
      actsEverywhere(actor),
      actor.organizationId,
      filter.organizationIds ?? null,
      filter.typeCodes ?? null,
      filter.placeId ?? null,
      filter.from,
      filter.to,
    ],
  );
}

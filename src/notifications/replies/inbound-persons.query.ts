import type { EntityManager } from 'typeorm';

/** A person registered with a number, and their next convocation. */
export interface Concerned {
  readonly personId: string;
  /** An archived person is kept, and nobody is asked to do anything. */
  readonly archived: boolean;
  /** The next one that still holds; null when there is none. */
  readonly convocationId: string | null;
}

/** Persons with the convocation a reply or a report can be about. */
export async function withNextConvocation(
  tx: EntityManager,
  personIds: readonly string[],
): Promise<readonly Concerned[]> {
  if (personIds.length === 0) return [];
  return tx.query(
    `SELECT p.id AS "personId", p.archived_at IS NOT NULL AS archived, next.id AS "convocationId"
       FROM person p
       LEFT JOIN LATERAL (SELECT id FROM convocation c
                           WHERE c.person_id = p.id AND c.state = 'booked' AND c.starts_at > app_now()
                           ORDER BY c.starts_at, c.id LIMIT 1) AS next ON true
      WHERE p.id = ANY($1::uuid[]) ORDER BY p.id`,
    [personIds],
  );
}

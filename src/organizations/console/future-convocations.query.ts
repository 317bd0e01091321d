import type { EntityManager } from 'typeorm';

/** A convocation to come that stands in the way of a change. */
export interface FutureConvocation {
  readonly id: string;
  /** `YYYY-MM-DD` and `HH:mm`, at the place. */
  readonly date: string;
  readonly time: string;
  readonly typeName: string;
  readonly agendaName: string;
}

/** Where the convocations are: exactly one of them. */
export type Whereabouts =
  { readonly organizationId: string } | { readonly placeId: string } | { readonly agendaId: string };

const WHERE = 'c.organization_id = $1 OR c.place_id = $2 OR c.agenda_id = $3';

export async function countFuture(tx: EntityManager, where: Whereabouts): Promise<number> {
  const rows: { count: number }[] = await tx.query(
    `SELECT count(*)::int AS count FROM convocation c
      WHERE (${WHERE}) AND c.state = 'booked' AND c.starts_at > app_now()`,
    parameters(where),
  );
  return rows[0]?.count ?? 0;
}

/** The next ones. @returns at most 20 */
export function listFuture(tx: EntityManager, where: Whereabouts): Promise<readonly FutureConvocation[]> {
  return tx.query(
    `SELECT c.id, c.local_date AS date, to_char(c.local_time, 'HH24:MI') AS time, t.name AS "typeName",
       a.name AS "agendaName"
     FROM convocation c JOIN appointment_type t ON t.code = c.type_code JOIN agenda a ON a.id = c.agenda_id
     WHERE (${WHERE}) AND c.state = 'booked' AND c.starts_at > app_now() ORDER BY c.starts_at, c.id LIMIT 20`,
    parameters(where),
  );
}

function parameters(where: Whereabouts): readonly (string | null)[] {
  return [
    'organizationId' in where ? where.organizationId : null,
    'placeId' in where ? where.placeId : null,
    'agendaId' in where ? where.agendaId : null,
  ];
}

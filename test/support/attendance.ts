import type { DataSource } from 'typeorm';
import { aPlace, anAgenda, anOrganization } from './builders.js';

export interface AttendedService {
  readonly organizationId: string;
  readonly placeId: string;
  readonly agendaId: string;
  readonly name: string;
}

/** A service that can have a past. */
export async function anAttendedService(
  dataSource: DataSource,
  given: { readonly name: string; readonly kind?: 'spip' | 'tj'; readonly startedOn?: string },
): Promise<AttendedService> {
  const { name, kind, startedOn } = given;
  const organizationId = await anOrganization(dataSource, { name, ...(kind === undefined ? {} : { kind }) });
  if (startedOn !== undefined)
    await dataSource.query('UPDATE organization SET rolled_out_on = $2 WHERE id = $1', [
      organizationId,
      startedOn,
    ]);
  const placeId = await aPlace(dataSource, { organizationId });
  return { organizationId, placeId, name, agendaId: await anAgenda(dataSource, { placeId }) };
}

export interface Past {
  /** `YYYY-MM` */
  readonly month: string;
  readonly attended?: number;
  readonly missed?: number;
  readonly excused?: number;
  /** Past and never marked, or still to come. */
  readonly booked?: number;
}

export interface PastPersons {
  /** How many different persons share these convocations in turn; one each when absent. */
  readonly persons?: number;
  /** Agent whose persons they are. */
  readonly referentId?: string;
}

/** Convocations of one month and their outcomes, from the fifth at eight o'clock on, one a minute. */
export async function writePast(
  dataSource: DataSource,
  service: AttendedService,
  past: Past,
  { persons, referentId }: PastPersons = {},
): Promise<void> {
  const { attended = 0, missed = 0, excused = 0, booked = 0 } = past;
  const states = Object.entries({ attended, missed, excused, booked }).flatMap(([state, count]) =>
    Array<string>(count).fill(state),
  );
  await dataSource.query(
    `WITH someone AS (
       INSERT INTO person (first_name, last_name, search_key, referent_id)
       SELECT 'Camille', 'Essai ' || n, 'essai ' || n, $1 FROM generate_series(1, $2::integer) n RETURNING id
     ), followed AS (
       INSERT INTO person_organization (person_id, organization_id) SELECT id, $3 FROM someone
     ), numbered AS (SELECT id, row_number() OVER () - 1 AS at FROM someone)
     INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
       time_zone, starts_at, state, created_by_organization_id)
     SELECT p.id, 'suivi-spip', $4, $5, $3, hour::date, hour::time, 'Europe/Paris', hour AT TIME ZONE 'Europe/Paris',
            s.state, $3
       FROM unnest($6::text[]) WITH ORDINALITY AS s(state, n)
       JOIN numbered p ON p.at = (s.n - 1) % $2::integer
       CROSS JOIN LATERAL (SELECT ($7 || '-05')::timestamp + interval '8 hours' + s.n * interval '1 minute' AS hour) h`,
    [
      referentId ?? null,
      persons ?? states.length,
      service.organizationId,
      service.agendaId,
      service.placeId,
      states,
      past.month,
    ],
  );
}

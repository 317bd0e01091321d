import type { DataSource } from 'typeorm';
import { keepContacts } from '../../src/platform/contacts.js';

/**
 * A service with as many persons as asked, each with one reminder due now and useful for hours; set-based.
 * The database's own clock is left where it is: the window of the test is the whole day.
 */
export async function planDueNow(dataSource: DataSource, count: number): Promise<void> {
  await dataSource.query(`
    WITH o AS (INSERT INTO organization (name, kind) VALUES ('SPIP des essais', 'spip') RETURNING id),
    p AS (INSERT INTO place (organization_id, name, address, time_zone, phone)
          SELECT id, 'SPIP des essais', '1 rue des Essais, 92000 Nanterre', 'Europe/Paris', '+33147250000' FROM o
          RETURNING id, organization_id)
    INSERT INTO agenda (place_id, name) SELECT id, 'Bureau' FROM p`);
  const ranks = Array.from({ length: count }, (_, i) => i + 1);
  const numberOf = (n: number) => `+336${10_000_000 + n * 100 + (n % 90)}`;
  const contacts = await keepContacts(dataSource.manager, 'phone', ranks.map(numberOf));
  await dataSource.query(
    `INSERT INTO person (first_name, last_name, search_key, phone_id, phone_mobile)
     SELECT 'Ada', 'Essai ' || n, 'essai ' || n || ' ada', phone_id, true
       FROM unnest($1::int[], $2::uuid[]) AS v(n, phone_id)`,
    [ranks, ranks.map((n) => contacts.get(numberOf(n)))],
  );
  await dataSource.query(`
    INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
        time_zone, starts_at, created_by_organization_id)
    SELECT person.id, 'suivi-spip', agenda.id, place.id, place.organization_id, ts.local::date, ts.local::time(0),
           'Europe/Paris', ts.local AT TIME ZONE 'Europe/Paris', place.organization_id
      FROM person, agenda JOIN place ON place.id = agenda.place_id,
           LATERAL (SELECT date_trunc('minute', app_now() AT TIME ZONE 'Europe/Paris') + interval '30 hours' AS local) ts`);
  await dataSource.query(`
    INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until)
    SELECT id, 'reminder', 1, 1, app_now(), app_now(), starts_at - interval '1 hour' FROM convocation`);
}

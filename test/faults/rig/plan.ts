import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { keepContacts } from '../../../src/platform/contacts.js';

export interface Planned {
  readonly organizationId: string;
  readonly agendaId: string;
  readonly placeId: string;
}

export interface PlanWishes {
  /** Hours from now to the appointment; default 30. */
  readonly hoursAhead?: number;
  /** When the reminders are due, from now; default at once. */
  readonly dueIn?: string;
}

let numbers = 0;

/** Written by one statement: far below its fifteen seconds, whatever else runs. */
const AT_ONCE = 1_000;

/** A service of its own with `count` persons, each with a mobile of its own and one reminder; set-based. */
export async function planReminders(
  dataSource: DataSource,
  count: number,
  wishes: PlanWishes = {},
): Promise<Planned> {
  const service = await writeService(dataSource);
  for (let from = 0; from < count; from += AT_ONCE)
    await writeReminders(dataSource, service, Math.min(AT_ONCE, count - from), wishes);
  return service;
}

async function writeReminders(
  dataSource: DataSource,
  service: Planned,
  count: number,
  wishes: PlanWishes,
): Promise<void> {
  const search = randomUUID();
  const phones = Array.from({ length: count }, (_, i) => `+336${10_000_000 + (numbers + i + 1) * 11}`);
  const contacts = await keepContacts(dataSource.manager, 'phone', phones);
  await dataSource.query(
    `INSERT INTO person (first_name, last_name, search_key, phone_id, phone_mobile)
     SELECT 'Ada', 'Essai ' || n, $1 || n, phone_id, true FROM unnest($2::uuid[]) WITH ORDINALITY AS v(phone_id, n)`,
    [search, phones.map((phone) => contacts.get(phone))],
  );
  numbers += count;
  await dataSource.query(
    `INSERT INTO person_organization (person_id, organization_id)
     SELECT id, $2 FROM person WHERE search_key LIKE $1 || '%'`,
    [search, service.organizationId],
  );
  await dataSource.query(
    `WITH c AS (
       INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
           time_zone, starts_at, created_by_organization_id)
       SELECT p.id, 'suivi-spip', $2, $3, $4, t.local::date, t.local::time(0), 'Europe/Paris',
              t.local AT TIME ZONE 'Europe/Paris', $4
         FROM person p, LATERAL (SELECT date_trunc('minute', app_now() AT TIME ZONE 'Europe/Paris')
                                        + make_interval(hours => $5) AS local) t
        WHERE p.search_key LIKE $1 || '%' RETURNING id, starts_at
     )
     INSERT INTO message (convocation_id, kind, occurrence, promise_version, due_at, first_due_at, useful_until)
     SELECT id, 'reminder', 1, 1, app_now() + $6::interval, app_now() + $6::interval, starts_at - interval '1 hour' FROM c`,
    [
      search,
      service.agendaId,
      service.placeId,
      service.organizationId,
      wishes.hoursAhead ?? 30,
      wishes.dueIn ?? '0',
    ],
  );
}

async function writeService(dataSource: DataSource): Promise<Planned> {
  const rows: Planned[] = await dataSource.query(
    `WITH o AS (INSERT INTO organization (name, kind) VALUES ('SPIP ' || gen_random_uuid(), 'spip') RETURNING id),
     p AS (INSERT INTO place (organization_id, name, address, time_zone, phone)
           SELECT id, 'SPIP 92 Nanterre', '1 rue des Lilas, 92000 Nanterre', 'Europe/Paris', '+33147250000' FROM o
           RETURNING id, organization_id)
     INSERT INTO agenda (place_id, name) SELECT id, 'Bureau' FROM p
     RETURNING id AS "agendaId", place_id AS "placeId", (SELECT id FROM o) AS "organizationId"`,
  );
  const [service] = rows;
  if (service === undefined) throw new Error('the service was not written');
  return service;
}

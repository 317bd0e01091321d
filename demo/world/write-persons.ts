import type { EntityManager } from 'typeorm';
import { keepContacts } from '../../src/platform/contacts.js';
import type { DemoPerson } from './persons.js';
import { insertRows } from './rows.js';
import { serviceOf } from './services.js';
import { agentId, organizationId, referentOf } from './ids.js';

/** Those that are not there yet. @param since the persons were registered at the start of the told story */
export async function writePersons(
  tx: EntityManager,
  persons: readonly DemoPerson[],
  since: string,
): Promise<void> {
  const phones = await keepContacts(
    tx,
    'phone',
    persons.flatMap(({ phone_e164 }) => phone_e164 ?? []),
  );
  const emails = await keepContacts(
    tx,
    'email',
    persons.flatMap(({ email }) => email ?? []),
  );
  const row = (person: DemoPerson) => ({
    ...person,
    phone_id: phones.get(person.phone_e164 ?? '') ?? null,
    email_id: emails.get(person.email ?? '') ?? null,
    since,
    referent_id: agentId(referentOf(person)),
    organization_id: organizationId(serviceOf(person.service)),
    refused_origin: person.refused ? 'agent' : null,
  });
  await insertRows(tx, PERSON, persons.map(row));
  const followed = persons.flatMap((p) =>
    [p.service, ...p.alsoFollowedBy].map((key) => ({
      person_id: p.id,
      organization_id: organizationId(serviceOf(key)),
      since,
    })),
  );
  await insertRows(tx, FOLLOWED, followed);
}

const PERSON = {
  into: `person (id, first_name, last_name, search_key, birth_date, phone_id, phone_mobile, phone_territory,
    no_phone, sms_refused_at, sms_refused_origin, email_id, appi_number, register, referent_id, created_by_organization_id,
    created_at, updated_at)`,
  columns: `id uuid, first_name text, last_name text, search_key text, birth_date date, phone_id uuid, phone_mobile boolean,
    phone_territory text, no_phone boolean, refused boolean, refused_origin text, email_id uuid, appi_number text,
    register text, referent_id uuid, organization_id uuid, since date`,
  select: `SELECT id, first_name, last_name, search_key, birth_date, phone_id, phone_mobile, phone_territory,
    no_phone, CASE WHEN refused THEN app_now() - interval '40 days' END, refused_origin, email_id, appi_number, register,
    referent_id, organization_id, since, since FROM r`,
  conflict: 'ON CONFLICT (id) DO NOTHING',
};
const FOLLOWED = {
  into: 'person_organization (person_id, organization_id, since)',
  columns: 'person_id uuid, organization_id uuid, since date',
  select: 'SELECT * FROM r',
  conflict: 'ON CONFLICT DO NOTHING',
};

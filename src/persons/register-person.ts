import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock.js';
import { NO_PHONE_FACTS, type PersonFacts, type PersonInput, readPerson } from './domain/person-input.js';
import { DuplicatePerson, searchKey } from './domain/person.js';
import { follow, refuseForeignOrganizations, refuseForeignReferent } from './followers.js';
import { recordHistory } from './history.js';
import { officeOf } from './office.js';
import { contactOf } from './person-contacts.js';
import { loadPerson, type PersonView } from './person.queries.js';
import { stopMessages } from './sms-refusal.js';

export interface RegisterPersonCommand extends PersonInput {
  readonly firstName: string;
  readonly lastName: string;
  readonly smsRefused?: boolean | null | undefined;
  /** Services that follow the person; absent or empty: the actor's own. */
  readonly organizationIds?: readonly string[] | null | undefined;
  readonly referentId?: string | null | undefined;
}

@Injectable()
export class RegisterPerson {
  constructor(private readonly clock: Clock) {}

  /** @throws ValidationFailed, PhoneInvalid, NotFound (a service), DuplicatePerson */
  async execute(tx: EntityManager, command: RegisterPersonCommand, actor: Actor): Promise<PersonView> {
    const office = await officeOf(tx, actor, await this.clock.now(tx));
    const facts = readPerson(command, office.today, office.territory);
    const given = [...new Set(command.organizationIds ?? [])];
    const organizationIds = given.length > 0 ? given : [actor.organizationId];
    await refuseForeignOrganizations(tx, actor, organizationIds);
    const personId = await insert(tx, facts, actor);
    await follow(tx, personId, organizationIds);
    await recordHistory(tx, actor, { event: 'person.registered', personId });
    if (command.referentId != null && command.referentId !== '')
      await refer(tx, personId, command.referentId);
    if (command.smsRefused === true) await stopMessages(tx, actor, { personId, origin: 'agent' });
    return loadPerson(tx, personId);
  }
}

/** The unique indexes decide, so that two agents registering the same person at once make one. */
async function insert(tx: EntityManager, facts: PersonFacts, actor: Actor): Promise<string> {
  const { firstName = '', lastName = '', birthDate = null, appiNumber = null } = facts;
  const phone = { ...NO_PHONE_FACTS, ...facts };
  const phoneId = await contactOf(tx, 'phone', phone.phoneE164);
  const emailId = await contactOf(tx, 'email', facts.email ?? null);
  const rows: { id: string }[] = await tx.query(
    `INSERT INTO person (first_name, last_name, search_key, birth_date, phone_id, phone_mobile,
       phone_territory, no_phone, email_id, appi_number, language, register, created_by_organization_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      firstName,
      lastName,
      searchKey(lastName, firstName),
      birthDate,
      phoneId,
      phone.phoneMobile,
      phone.phoneTerritory,
      facts.noPhone ?? false,
      emailId,
      appiNumber,
      facts.language ?? 'fr',
      facts.register ?? 'standard',
      actor.organizationId,
    ],
  );
  const row = rows[0];
  if (row === undefined) throw new DuplicatePerson(appiNumber === null ? 'birthDate' : 'appiNumber');
  return row.id;
}

async function refer(tx: EntityManager, personId: string, referentId: string): Promise<void> {
  await refuseForeignReferent(tx, personId, referentId);
  await tx.query('UPDATE person SET referent_id = $2 WHERE id = $1', [personId, referentId]);
}

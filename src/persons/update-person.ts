import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf } from '../access/domain/rights.js';
import { Clock } from '../platform/clock.js';
import { elevated } from '../platform/elevated.js';
import { violatedConstraint } from '../platform/transaction.js';
import { Conflict, ValidationFailed } from '../shared/domain-error.js';
import type { Instant } from '../shared/time.js';
import type { GivenWord } from './domain/resume-word.js';
import { NO_PHONE_FACTS, type PersonFacts, type PersonInput, readPerson } from './domain/person-input.js';
import { DuplicatePerson, PersonArchived, searchKey } from './domain/person.js';
import { follow, refuseForeignOrganizations, refuseForeignReferent } from './followers.js';
import { recordHistory } from './history.js';
import { officeOf } from './office.js';
import { NumberMoves } from './number-moves.port.js';
import { contactOf } from './person-contacts.js';
import { findPerson, loadPerson, type PersonView } from './person.queries.js';
import { resumeMessages, stopMessages } from './sms-refusal.js';

export interface PersonChanges extends PersonInput {
  readonly smsRefused?: boolean | null | undefined;
  readonly organizationIds?: readonly string[] | null | undefined;
  readonly referentId?: string | null | undefined;
  /** Needed with `smsRefused: false` when they are refused: how and when the person said so. */
  readonly word?: GivenWord | undefined;
}

export interface UpdatePersonCommand {
  readonly personId: string;
  /** The version the caller read; null when it did not say: refused as a conflict. */
  readonly expectedUpdatedAt: Date | null;
  /** Absent: unchanged; null: erased. */
  readonly changes: PersonChanges;
}

@Injectable()
export class UpdatePerson {
  constructor(
    private readonly clock: Clock,
    private readonly numberMoves: NumberMoves,
  ) {}

  /** @throws NotFound, PersonArchived, Conflict, ValidationFailed, PhoneInvalid, DuplicatePerson */
  async execute(tx: EntityManager, command: UpdatePersonCommand, actor: Actor): Promise<PersonView> {
    const person = await findPerson(tx, actor, command.personId);
    if (person.archivedAt !== null) throw new PersonArchived();
    const now = await this.clock.now(tx);
    const office = await officeOf(tx, actor, now);
    const facts = readPerson(command.changes, office.today, office.territory);
    const columns = await columnsOf(tx, facts, person);
    await write(tx, person.id, command.expectedUpdatedAt, columns);
    const { organizationIds } = command.changes;
    if (organizationIds != null) await changeFollowers(tx, actor, person.id, organizationIds);
    // Whoever hands a person over does not follow them any more, and is told all the same what was written.
    return elevated(tx, async () => {
      await changeRelations(tx, actor, person, command.changes, now);
      const [from, to] = [person.phoneTerritory, territoryOf(columns)];
      if (to !== undefined && to !== from)
        await this.numberMoves.moved(tx, { personId: person.id, from, to });
      const after = await loadPerson(tx, person.id);
      const fields = changedFields(command.changes, person, after);
      await recordHistory(tx, actor, { event: 'person.updated', personId: person.id, detail: { fields } });
      return after;
    });
  }
}

/** Optimistic: the row is changed only if nobody changed it since it was read. */
async function write(
  tx: EntityManager,
  personId: string,
  expected: Date | null,
  columns: ReadonlyMap<string, unknown>,
): Promise<void> {
  const names = [...columns.keys()];
  const assignments = names.map((name, i) => `${name} = $${i + 3}, `).join('');
  try {
    const [, changed]: [unknown, number] = await tx.query(
      `UPDATE person SET ${assignments} updated_at = greatest(app_now(), updated_at + interval '1 ms')
       WHERE id = $1 AND updated_at = $2 AND archived_at IS NULL`,
      [personId, expected, ...columns.values()],
    );
    if (changed === 0) throw new Conflict('person');
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'person_appi') throw new DuplicatePerson('appiNumber');
    if (constraint === 'person_namesake') throw new DuplicatePerson('birthDate');
    throw error;
  }
}

/** The names are those of the table and never the caller's. */
async function columnsOf(
  tx: EntityManager,
  facts: PersonFacts,
  person: PersonView,
): Promise<ReadonlyMap<string, unknown>> {
  const lastName = facts.lastName ?? person.lastName;
  const firstName = facts.firstName ?? person.firstName;
  const noPhone = facts.noPhone ?? (facts.phoneE164 == null ? undefined : false);
  const phone = noPhone === true ? NO_PHONE_FACTS : facts;
  const columns: readonly (readonly [string, unknown])[] = [
    ['first_name', facts.firstName],
    ['last_name', facts.lastName],
    ['search_key', (facts.firstName ?? facts.lastName) ? searchKey(lastName, firstName) : undefined],
    ['birth_date', facts.birthDate],
    ['phone_id', await contactOf(tx, 'phone', phone.phoneE164)],
    ['phone_mobile', phone.phoneMobile],
    ['phone_territory', phone.phoneTerritory],
    ...proofsOf(phone.phoneE164, person),
    ['no_phone', noPhone],
    ['email_id', await contactOf(tx, 'email', facts.email)],
    ...flagsOf(facts.email, person),
    ['appi_number', facts.appiNumber],
    ['language', facts.language],
    ['register', facts.register],
  ];
  return new Map(columns.filter(([, value]) => value !== undefined));
}

/** Undefined: the number stays as it is. */
function territoryOf(columns: ReadonlyMap<string, unknown>): string | null | undefined {
  const territory = columns.get('phone_territory');
  return typeof territory === 'string' || territory === null ? territory : undefined;
}

/** What was known of the old number says nothing of a new one. */
function proofsOf(phoneE164: string | null | undefined, person: PersonView): [string, unknown][] {
  if (phoneE164 === undefined || phoneE164 === (person.phone?.e164 ?? null)) return [];
  return [
    ['phone_failures', 0],
    ['phone_flagged_at', null],
    ['phone_flag_reason', null],
    ['phone_reached_at', null],
  ];
}

/** What was known of the old address, likewise. */
function flagsOf(email: string | null | undefined, person: PersonView): [string, unknown][] {
  if (email === undefined || email === person.email) return [];
  return [
    ['email_flagged_at', null],
    ['email_flag_reason', null],
  ];
}

async function changeRelations(
  tx: EntityManager,
  actor: Actor,
  person: PersonView,
  changes: PersonChanges,
  now: Instant,
): Promise<void> {
  if (changes.organizationIds != null) await changeFollowers(tx, actor, person.id, changes.organizationIds);
  const referentId = changes.referentId === '' ? null : changes.referentId;
  if (referentId != null) await refuseForeignReferent(tx, person.id, referentId);
  if (referentId !== undefined)
    await tx.query('UPDATE person SET referent_id = $2 WHERE id = $1', [person.id, referentId]);
  if (changes.smsRefused === true) await stopMessages(tx, actor, { personId: person.id, origin: 'agent' });
  if (changes.smsRefused === false) await resumeMessages(tx, actor, person.id, changes.word ?? {}, now);
}

/** Services the actor does not see keep following. */
async function changeFollowers(
  tx: EntityManager,
  actor: Actor,
  personId: string,
  organizationIds: readonly string[],
): Promise<void> {
  if (organizationIds.length === 0)
    throw new ValidationFailed([
      { field: 'organizationIds', code: 'range', message: 'at least one service' },
    ]);
  await refuseForeignOrganizations(tx, actor, organizationIds);
  await follow(tx, personId, organizationIds);
  await tx.query(
    `DELETE FROM person_organization WHERE person_id = $1 AND NOT organization_id = ANY($2::uuid[])
       AND ($3::boolean OR organization_id = ANY($4::uuid[]))`,
    [personId, organizationIds, ...scopeOf(actor, 'person.share')],
  );
}

/** Of a field that the row keeps under another name; a number and an address by their contact. */
const KEPT_AS: Readonly<Record<string, keyof PersonView>> = {
  phone: 'phoneId',
  territory: 'phoneTerritory',
  email: 'emailId',
  organizationIds: 'organizations',
};

/** A program that repeats the whole person changes nothing, and ends no word about a number. */
function changedFields(changes: PersonChanges, before: PersonView, after: PersonView): string[] {
  const { word: _word, ...said } = changes;
  return Object.keys(said).filter((field) => {
    const kept = KEPT_AS[field] ?? (field as keyof PersonView);
    return !isDeepStrictEqual(before[kept], after[kept]);
  });
}

import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { Action } from '../access/domain/rights-table.js';
import { scopeOf } from '../access/domain/rights.js';
import { type JournalAct, noteActs, noteFileRead } from '../access/journal/journal-acts.js';
import { findContact, findNumbersEndingWith, openContact } from '../platform/contacts.js';
import { prepared } from '../platform/prepared.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../shared/page.js';
import { parsePhone } from '../shared/phone-number.js';
import { digitsOf, type PersonSearch, readSearch } from './domain/person-search.js';
import { officeTerritory } from './office.js';

export interface PersonView {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string | null;
  readonly phone: { readonly e164: string; readonly mobile: boolean } | null;
  /** The contact that holds it: equal for two persons with one number. */
  readonly phoneId: string | null;
  readonly phoneTerritory: string | null;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly smsRefusedAt: Date | null;
  readonly smsRefusedOrigin: 'agent' | 'person' | 'operator' | null;
  /** The holder of the number said it is a wrong one: nothing leaves to it. Null: not blocked. */
  readonly phoneBlockedAt: Date | null;
  /** Agent who asked that it be opened again; another one confirms. */
  readonly phoneLiftAskedById: string | null;
  readonly phoneLiftAskedBy: string | null;
  /** Messages to this number failed too often: to be corrected before anything leaves to it. */
  readonly phoneFlaggedAt: Date | null;
  /** `wrong-number` or `three-failures`. */
  readonly phoneFlagReason: string | null;
  /** Last proof that the number reaches somebody; null: none since it was noted. */
  readonly phoneReachedAt: Date | null;
  /** A text message can be sent: a mobile in order, and no refusal. */
  readonly reachable: boolean;
  readonly email: string | null;
  readonly emailId: string | null;
  /** Who reads it said « ce n'est pas moi » or asked for no more: nothing leaves to it. Null: not blocked. */
  readonly emailBlockedAt: Date | null;
  readonly emailLiftAskedById: string | null;
  /** E-mails to this address do not arrive: to be corrected before anything leaves to it. */
  readonly emailFlaggedAt: Date | null;
  /** `wrong-address` or `three-returns`. */
  readonly emailFlagReason: string | null;
  readonly emailLiftAskedBy: string | null;
  readonly appiNumber: string | null;
  readonly language: string;
  readonly register: 'standard' | 'discreet';
  readonly referentId: string | null;
  readonly referentName: string | null;
  /** Services that follow the person. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  /** What `If-Match` compares. */
  readonly updatedAt: Date;
}

interface PersonRow extends Omit<PersonView, 'phone' | 'email'> {
  readonly phoneSealed: Buffer | null;
  readonly phoneMobile: boolean;
  readonly emailSealed: Buffer | null;
}

function opened(tx: EntityManager, row: PersonRow): PersonView {
  const { phoneSealed, phoneMobile, emailSealed, ...person } = row;
  const e164 = openContact(tx, person.phoneId, phoneSealed);
  const phone = e164 === null ? null : { e164, mobile: phoneMobile };
  return { ...person, phone, email: openContact(tx, person.emailId, emailSealed) };
}

/** For a query whose persons are `p`; completed by `PERSON_JOINS`. */
const PERSON = `p.id, p.first_name AS "firstName", p.last_name AS "lastName", p.birth_date AS "birthDate",
  p.phone_id AS "phoneId", number.value_sealed AS "phoneSealed", p.phone_mobile AS "phoneMobile",
  p.phone_territory AS "phoneTerritory", p.no_phone AS "noPhone", p.sms_refused_at IS NOT NULL AS "smsRefused",
  p.sms_refused_at AS "smsRefusedAt", p.sms_refused_origin AS "smsRefusedOrigin",
  block.since AS "phoneBlockedAt", block.first_lift_by_agent_id AS "phoneLiftAskedById",
  lifter.first_name || ' ' || lifter.last_name AS "phoneLiftAskedBy", p.phone_flagged_at AS "phoneFlaggedAt",
  p.phone_flag_reason AS "phoneFlagReason", p.phone_reached_at AS "phoneReachedAt",
  p.phone_mobile AND p.sms_refused_at IS NULL AND block.since IS NULL AND p.phone_flagged_at IS NULL AS reachable,
  shut.since AS "emailBlockedAt", shut.first_lift_by_agent_id AS "emailLiftAskedById",
  reopener.first_name || ' ' || reopener.last_name AS "emailLiftAskedBy",
  p.email_flagged_at AS "emailFlaggedAt", p.email_flag_reason AS "emailFlagReason",
  p.email_id AS "emailId", address.value_sealed AS "emailSealed", p.appi_number AS "appiNumber", p.language,
  p.register, p.referent_id AS "referentId", referent.first_name || ' ' || referent.last_name AS "referentName",
  following.organizations, p.archived_at AS "archivedAt", p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

const PERSON_JOINS = `LEFT JOIN named_agent referent ON referent.id = p.referent_id
  LEFT JOIN contact number ON number.id = p.phone_id
  LEFT JOIN contact address ON address.id = p.email_id
  LEFT JOIN phone_block block ON block.phone_id = p.phone_id
  LEFT JOIN named_agent lifter ON lifter.id = block.first_lift_by_agent_id
  LEFT JOIN phone_block shut ON shut.phone_id = p.email_id
  LEFT JOIN named_agent reopener ON reopener.id = shut.first_lift_by_agent_id
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) ORDER BY o.name), '[]') AS organizations
    FROM person_organization f JOIN organization o ON o.id = f.organization_id WHERE f.person_id = p.id
  ) following`;

/** For a query whose first parameters are `followScope(actor)` and whose persons are `p`. */
export const FOLLOWED = `($1::boolean OR EXISTS (SELECT FROM person_organization mine
  WHERE mine.person_id = p.id AND mine.organization_id = ANY($2::uuid[])))`;

export function followScope(
  actor: Actor,
  action: Action = 'person.read',
): [everywhere: boolean, organizationIds: readonly string[]] {
  return scopeOf(actor, action);
}

/** @throws NotFound when missing or not followed by the actor's service */
export async function findPerson(
  tx: EntityManager,
  actor: Actor,
  personId: string,
  action: Action = 'person.read',
): Promise<PersonView> {
  if (!isUuid(personId)) throw new NotFound('person');
  const rows: PersonRow[] = await tx.query(ONE_PERSON, [...followScope(actor, action), personId]);
  const person = rows[0];
  if (person === undefined) throw new NotFound('person');
  noteFileRead(tx, person.id);
  return opened(tx, person);
}

const ONE_PERSON = prepared(`SELECT ${PERSON} FROM person p ${PERSON_JOINS} WHERE p.id = $3 AND ${FOLLOWED}`);

/** Right after a use case that was allowed to change it: no scope. */
export async function loadPerson(tx: EntityManager, personId: string): Promise<PersonView> {
  const rows: PersonRow[] = await tx.query(`SELECT ${PERSON} FROM person p ${PERSON_JOINS} WHERE p.id = $1`, [
    personId,
  ]);
  const person = rows[0];
  if (person === undefined) throw new NotFound('person');
  return opened(tx, person);
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
/** Holds an id and not a name: the row tells the rest. */
const CURSOR = [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/];

/**
 * Persons followed by the actor's service, by name: beginnings of words of the name in any order and without
 * accents, APPI number, birth date (ISO or French), a phone or at least its last four digits. Nothing typed finds nobody.
 */
export async function searchPersons(
  tx: EntityManager,
  actor: Actor,
  request: { readonly query: string } & PageRequest,
): Promise<Page<PersonView>> {
  const search = readSearch(request.query);
  if (search === null) return { items: [], nextCursor: null };
  const limit = Math.min(Math.max(request.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const phoneIds = search.phone === null ? [] : await numbersLike(tx, actor, search.phone);
  const parameters: unknown[] = [...followScope(actor), limit + 1];
  const conditions = searchConditions(search, phoneIds, (value) => `$${parameters.push(value)}`);
  if (request.cursor != null) {
    const [id] = decodeCursor(request.cursor, CURSOR);
    conditions.push(
      `(p.search_key, p.id) > (SELECT search_key, id FROM person WHERE id = $${parameters.push(id)})`,
    );
  }
  const rows: PersonRow[] = await tx.query(
    `SELECT ${PERSON}
     FROM (SELECT * FROM person p WHERE ${FOLLOWED} AND ${conditions.join(' AND ')}
       ORDER BY p.search_key, p.id LIMIT $3) p
     ${PERSON_JOINS} ORDER BY p.search_key, p.id`,
    parameters,
  );
  const persons = rows.map((row) => opened(tx, row));
  noteActs(tx, [searchAct(search, persons.length)]);
  return pageOf(persons, limit, (last) => encodeCursor([last.id]));
}

/** By what kind of thing, and how many were found (one more than the page holds: there are others). Never what. */
function searchAct(search: PersonSearch, found: number): JournalAct {
  const criteria = [
    ...(search.words.length > 0 ? ['name'] : []),
    ...(search.birthDate === null ? [] : ['birthDate']),
    ...(search.appiNumber === null ? [] : ['appiNumber']),
    ...(search.phone === null ? [] : ['phone']),
  ];
  return { action: 'person.searched', detail: { criteria, found } };
}

function searchConditions(
  search: PersonSearch,
  phoneIds: readonly string[],
  bind: (value: unknown) => string,
): string[] {
  const conditions: string[] = [];
  if (search.birthDate !== null) conditions.push(`p.birth_date = ${bind(search.birthDate)}::date`);
  if (search.words.length > 0) {
    const words = search.words.map((word) => `'${word}':*`).join(' & ');
    // Beneath row-level security this function alone goes through the index of words.
    conditions.push(`p.id = ANY (ARRAY(SELECT persons_named(${bind(words)})))`);
  }
  const numbers: string[] = [];
  if (search.appiNumber !== null) numbers.push(`p.appi_number = ${bind(search.appiNumber)}`);
  if (search.phone !== null) numbers.push(`p.phone_id = ANY(${bind(phoneIds)}::uuid[])`);
  if (numbers.length > 0) conditions.push(`(${numbers.join(' OR ')})`);
  return conditions;
}

/** A whole number is found as a number; fewer digits, as the end of one: its last four are indexed, no other part. */
async function numbersLike(tx: EntityManager, actor: Actor, phone: string): Promise<readonly string[]> {
  const { e164 } = parsePhone(phone, await officeTerritory(tx, actor));
  if (e164 === null) return findNumbersEndingWith(tx, digitsOf(phone));
  const id = await findContact(tx, 'phone', e164);
  return id === null ? [] : [id];
}

import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../access/actor.js';
import { NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';

export interface PersonView {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string | null;
  readonly phone: { readonly e164: string; readonly mobile: boolean } | null;
  readonly phoneTerritory: string | null;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly smsRefusedAt: Date | null;
  readonly smsRefusedOrigin: 'agent' | 'person' | 'operator' | null;
  /** A text message can be sent: a mobile, and no refusal. */
  readonly reachable: boolean;
  readonly email: string | null;
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

/** For a query whose persons are `p`; completed by `PERSON_JOINS`. */
export const PERSON = `p.id, p.first_name AS "firstName", p.last_name AS "lastName", p.birth_date AS "birthDate",
  CASE WHEN p.phone_e164 IS NULL THEN NULL
    ELSE json_build_object('e164', p.phone_e164, 'mobile', p.phone_mobile) END AS phone,
  p.phone_territory AS "phoneTerritory", p.no_phone AS "noPhone", p.sms_refused_at IS NOT NULL AS "smsRefused",
  p.sms_refused_at AS "smsRefusedAt", p.sms_refused_origin AS "smsRefusedOrigin",
  p.phone_mobile AND p.sms_refused_at IS NULL AS reachable, p.email, p.appi_number AS "appiNumber", p.language,
  p.register, p.referent_id AS "referentId", referent.first_name || ' ' || referent.last_name AS "referentName",
  following.organizations, p.archived_at AS "archivedAt", p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

export const PERSON_JOINS = `LEFT JOIN agent referent ON referent.id = p.referent_id
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) ORDER BY o.name), '[]') AS organizations
    FROM person_organization f JOIN organization o ON o.id = f.organization_id WHERE f.person_id = p.id
  ) following`;

/** For a query whose first parameters are `followScope(actor)` and whose persons are `p`. */
export const FOLLOWED = `($1::boolean OR EXISTS (SELECT FROM person_organization mine
  WHERE mine.person_id = p.id AND mine.organization_id = $2::uuid))`;

export function followScope(actor: Actor): [everywhere: boolean, own: string] {
  return [actsEverywhere(actor), actor.organizationId];
}

/** @throws NotFound when missing or not followed by the actor's service */
export async function findPerson(tx: EntityManager, actor: Actor, personId: string): Promise<PersonView> {
  if (!isUuid(personId)) throw new NotFound('person');
  const rows: PersonView[] = await tx.query(
    `SELECT ${PERSON} FROM person p ${PERSON_JOINS} WHERE p.id = $3 AND ${FOLLOWED}`,
    [...followScope(actor), personId],
  );
  const person = rows[0];
  if (person === undefined) throw new NotFound('person');
  return person;
}

/** Right after a use case that was allowed to change it: no scope. */
export async function loadPerson(tx: EntityManager, personId: string): Promise<PersonView> {
  const rows: PersonView[] = await tx.query(
    `SELECT ${PERSON} FROM person p ${PERSON_JOINS} WHERE p.id = $1`,
    [personId],
  );
  const person = rows[0];
  if (person === undefined) throw new NotFound('person');
  return person;
}

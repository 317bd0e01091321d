import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { reach } from '../access/domain/rights.js';
import { NotFound, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';

/**
 * The services an actor may name: theirs and those linked to it.
 * @throws NotFound when one is missing or not visible
 */
export async function refuseForeignOrganizations(
  tx: EntityManager,
  actor: Actor,
  ids: readonly string[],
): Promise<void> {
  const { everywhere, organizationIds: mine } = reach(actor, 'person.share');
  if (!ids.every(isUuid)) throw new NotFound('organization');
  if (!everywhere && !ids.every((id) => mine.includes(id.toLowerCase()))) throw new NotFound('organization');
  const rows: unknown[] = await tx.query('SELECT id FROM organization WHERE id = ANY($1::uuid[])', [ids]);
  if (rows.length < new Set(ids).size) throw new NotFound('organization');
}

/** These services follow the person from now on; again changes nothing. */
export async function follow(
  tx: EntityManager,
  personId: string,
  organizationIds: readonly string[],
): Promise<void> {
  await tx.query(
    `INSERT INTO person_organization (person_id, organization_id) SELECT $1, unnest($2::uuid[])
     ON CONFLICT DO NOTHING`,
    [personId, organizationIds],
  );
}

/** @throws ValidationFailed unless the referent is an agent at work in a service that follows the person */
export async function refuseForeignReferent(
  tx: EntityManager,
  personId: string,
  referentId: string,
): Promise<void> {
  const rows: unknown[] = isUuid(referentId)
    ? await tx.query(
        `SELECT FROM named_agent a JOIN person_organization f ON f.organization_id = a.organization_id
         WHERE a.id = $2 AND a.disabled_at IS NULL AND f.person_id = $1`,
        [personId, referentId],
      )
    : [];
  if (rows.length === 0)
    throw new ValidationFailed([
      {
        field: 'referentId',
        code: 'referent',
        message: 'not an agent of a service that follows this person',
      },
    ]);
}

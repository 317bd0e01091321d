import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { reach } from '../../access/domain/rights.js';
import { NEVER_CAME } from '../../agents/agent.queries.js';

/** What needs the service's own administrator. */
export interface ServiceNow {
  readonly agents: number;
  readonly neverCame: readonly ServiceAgent[];
  /** At work, with no sign-in for 60 days. */
  readonly asleep: readonly ServiceAgent[];
  readonly absent: readonly (ServiceAgent & { readonly replacementName: string; readonly endsOn: string })[];
  readonly withoutReferent: readonly ServicePerson[];
}

export interface ServiceAgent {
  readonly id: string;
  readonly name: string;
  readonly since: Date | null;
}

export interface ServicePerson {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly since: Date;
}

const MOST = 50;
const ASLEEP_DAYS = 60;
const MINE = 'a.organization_id = ANY($1::uuid[]) AND a.disabled_at IS NULL';

/** Of the actor's own service and, from a headquarters, of its antennas. */
export async function serviceNow(tx: EntityManager, actor: Actor): Promise<ServiceNow> {
  const { organizationIds } = reach(actor, 'local-console.use');
  const mine = organizationIds.length > 0 ? organizationIds : [actor.organizationId];
  const agents = (condition: string, since: string): Promise<ServiceAgent[]> =>
    tx.query(
      `SELECT a.id, a.first_name || ' ' || a.last_name AS name, ${since} AS since FROM agent a
        WHERE ${MINE} AND ${condition} ORDER BY ${since} NULLS FIRST, a.id LIMIT ${MOST}`,
      [mine],
    );
  const counted: { agents: number }[] = await tx.query(
    `SELECT count(*)::int AS agents FROM agent a WHERE ${MINE}`,
    [mine],
  );
  return {
    agents: counted[0]?.agents ?? 0,
    neverCame: await agents(NEVER_CAME, 'a.created_at'),
    asleep: await agents(
      `NOT ${NEVER_CAME} AND coalesce(a.last_signed_in_at, a.created_at) < app_now() - interval '${ASLEEP_DAYS} days'`,
      'a.last_signed_in_at',
    ),
    absent: await absentNow(tx, mine),
    withoutReferent: await withoutReferent(tx, mine),
  };
}

function absentNow(tx: EntityManager, mine: readonly string[]): Promise<ServiceNow['absent'][number][]> {
  return tx.query(
    `SELECT a.id, a.first_name || ' ' || a.last_name AS name, x.starts_at AS since, x.ends_on AS "endsOn",
            r.first_name || ' ' || r.last_name AS "replacementName"
       FROM agent_absence x JOIN agent a ON a.id = x.agent_id JOIN agent r ON r.id = x.replacement_id
      WHERE ${MINE} AND x.starts_at <= app_now() AND x.ends_at > app_now() ORDER BY x.ends_at, a.id LIMIT ${MOST}`,
    [mine],
  );
}

/** Their referent went and nobody was named. */
function withoutReferent(tx: EntityManager, mine: readonly string[]): Promise<ServicePerson[]> {
  return tx.query(
    `SELECT p.id, p.first_name AS "firstName", p.last_name AS "lastName", p.referent_left_at AS since FROM person p
      WHERE p.referent_id IS NULL AND p.referent_left_at IS NOT NULL AND p.archived_at IS NULL
        AND EXISTS (SELECT FROM person_organization f WHERE f.person_id = p.id AND f.organization_id = ANY($1::uuid[]))
      ORDER BY p.referent_left_at, p.id LIMIT ${MOST}`,
    [mine],
  );
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Journal } from '../../access/journal.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';

/** Who takes over what an agent leaves. */
export interface Heirs {
  /** Takes what is not named below; null: back to the service, which names somebody later. */
  readonly byDefault: string | null;
  /** By id of the person or convocation: another heir, or null for the service. */
  readonly named: Readonly<Record<string, string | null>>;
}

/** How many of each have another agent now. */
export interface HandedOver {
  readonly persons: number;
  readonly convocations: number;
  readonly tasks: number;
}

/** What an agent follows, to be handed over by name. */
export interface Followed {
  readonly persons: readonly FollowedPerson[];
  readonly convocations: readonly FollowedConvocation[];
}

export interface FollowedPerson {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
}

export interface FollowedConvocation extends FollowedPerson {
  readonly personId: string;
  readonly typeName: string;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
}

/** What follows from an heir whose choice is the person's own: a convocation that nobody named goes with its person. */
const SET_PERSONS = `WITH handed AS (
  UPDATE person p SET referent_id = n.heir, referent_left_at = CASE WHEN n.heir IS NULL THEN app_now() END,
         updated_at = app_now()
    FROM (SELECT q.id, CASE WHEN e.id IS NULL THEN $2::uuid ELSE e.heir END AS heir
            FROM person q LEFT JOIN unnest($3::uuid[], $4::uuid[]) AS e(id, heir) ON e.id = q.id
           WHERE q.referent_id = $1) n
   WHERE p.id = n.id AND p.referent_id = $1 RETURNING p.id, n.heir
) INSERT INTO history_entry (event, person_id, agent_id, detail)
  SELECT 'person.handed-over', id, $5, jsonb_build_object('from', $1::uuid, 'to', heir) FROM handed
  RETURNING person_id AS id`;

const SET_CONVOCATIONS = `UPDATE convocation c SET assigned_to_agent_id = n.heir, updated_at = app_now()
  FROM (SELECT v.id, CASE WHEN e.id IS NOT NULL THEN e.heir WHEN w.id IS NOT NULL THEN w.heir ELSE $2::uuid END AS heir
          FROM convocation v LEFT JOIN unnest($3::uuid[], $4::uuid[]) AS e(id, heir) ON e.id = v.id
          LEFT JOIN unnest($3::uuid[], $4::uuid[]) AS w(id, heir) ON w.id = v.person_id
         WHERE v.assigned_to_agent_id = $1 AND v.state = 'booked') n
 WHERE c.id = n.id AND c.assigned_to_agent_id = $1`;

const SET_TASKS = `UPDATE agent_task t SET assigned_to_agent_id = CASE WHEN e.id IS NULL THEN $2::uuid ELSE e.heir END
  FROM agent_task u LEFT JOIN unnest($3::uuid[], $4::uuid[]) AS e(id, heir) ON e.id = u.person_id
 WHERE t.id = u.id AND t.assigned_to_agent_id = $1 AND t.closed_at IS NULL`;

/** Gives what one agent follows to colleagues, by name, or back to the service: persons, open convocations, tasks. */
@Injectable()
export class HandOver {
  constructor(private readonly journal: Journal) {}

  /** @throws ValidationFailed on `heir` for somebody who is not at work in that service */
  async execute(
    tx: EntityManager,
    from: { readonly agentId: string; readonly organizationId: string; readonly heirs: Heirs },
    actor: Pick<Actor, 'agentId'>,
  ): Promise<HandedOver> {
    const { agentId, organizationId, heirs } = from;
    await refuseHeirs(tx, from);
    const named = Object.entries(heirs.named);
    const chosen = [agentId, heirs.byDefault, named.map(([id]) => id), named.map(([, heir]) => heir)];
    const persons: unknown[] = await tx.query(SET_PERSONS, [...chosen, actor.agentId]);
    const [, convocations]: [unknown, number] = await tx.query(SET_CONVOCATIONS, chosen);
    const [, tasks]: [unknown, number] = await tx.query(SET_TASKS, chosen);
    const handed = { persons: persons.length, convocations, tasks };
    if (persons.length + convocations + tasks > 0)
      await this.journal.record(tx, {
        action: 'persons.handed-over',
        objectId: agentId,
        organizationId,
        detail: { ...handed, to: heirs.byDefault, named: named.length },
      });
    return handed;
  }
}

/** Persons by name, then open convocations by hour; at most 2000 of each. */
export async function followedBy(tx: EntityManager, agentId: string): Promise<Followed> {
  const persons: FollowedPerson[] = await tx.query(
    `SELECT p.id, p.first_name AS "firstName", p.last_name AS "lastName" FROM person p
      WHERE p.referent_id = $1 ORDER BY p.search_key, p.id LIMIT 2000`,
    [agentId],
  );
  const convocations: FollowedConvocation[] = await tx.query(
    `SELECT c.id, p.id AS "personId", p.first_name AS "firstName", p.last_name AS "lastName", ty.name AS "typeName",
            c.local_date AS date, to_char(c.local_time, 'HH24:MI') AS time, c.time_zone AS "timeZone"
       FROM convocation c JOIN person p ON p.id = c.person_id JOIN appointment_type ty ON ty.code = c.type_code
      WHERE c.assigned_to_agent_id = $1 AND c.state = 'booked' ORDER BY c.starts_at, c.id LIMIT 2000`,
    [agentId],
  );
  return { persons, convocations };
}

async function refuseHeirs(
  tx: EntityManager,
  { agentId, organizationId, heirs }: { agentId: string; organizationId: string; heirs: Heirs },
): Promise<void> {
  if (!Object.keys(heirs.named).every(isUuid)) throw invalidHeir();
  const given = [...new Set([heirs.byDefault, ...Object.values(heirs.named)])].filter((id) => id !== null);
  if (given.length === 0) return;
  if (!given.every((id) => isUuid(id) && id !== agentId)) throw invalidHeir();
  const rows: unknown[] = await tx.query(
    'SELECT FROM agent WHERE id = ANY($1::uuid[]) AND organization_id = $2 AND disabled_at IS NULL FOR SHARE',
    [given, organizationId],
  );
  if (rows.length < given.length) throw invalidHeir();
}

function invalidHeir(): ValidationFailed {
  return new ValidationFailed([
    { field: 'heir', code: 'heir', message: 'not a colleague at work in the service' },
  ]);
}

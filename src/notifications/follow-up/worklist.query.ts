import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { openContact } from '../../platform/contacts.js';
import { byUrgency, reasonsOf, type RiskFacts, type RiskReason } from '../domain/worklist.js';
import { FACTS_OF_PERSON } from '../plans/promise-to-plan.query.js';
import { SMS_POSSIBLE } from './follow-up-facts.query.js';
import { REACH_FACTS, REACH_FACTS_FROM } from './reach.query.js';
import { replacedBy } from '../../agents/life/absence.queries.js';
import { HAS_SPARE, TEXT_IS_NEAR } from './spare-reminder.js';
import { taskScope } from './task.queries.js';

/** How far ahead the list looks. */
export const WORKLIST_HOURS = 48;
/** Lines of one page; the soonest appointments are read first. */
const MOST = 500;

/** `mine`: assigned to the agent, or of a person whose referent the agent is. */
export type WorklistFilter = 'mine' | 'service';

/** One appointment, and why the person may not come. */
export interface WorklistEntry {
  readonly convocationId: string;
  readonly personId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly typeName: string;
  readonly placeName: string;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly referentName: string | null;
  /** Who is away and for whom the actor stands in here; null: the actor's own, or a colleague's at work. */
  readonly standsInFor: string | null;
  /** A text can be sent now, and none is about to leave. */
  readonly canRemind: boolean;
  readonly reasons: readonly RiskReason[];
}

type Row = Omit<WorklistEntry, 'reasons' | 'phone'> &
  RiskFacts & { readonly phoneId: string | null; readonly phoneSealed: Buffer | null };

/** Agents whose work the actor does these days; the actor's id is parameter 4. */
const REPLACED = replacedBy('$4');

/** For a query whose convocations are `c` and whose parameters 2 to 4 are `taskScope(actor)`. */
export const MY_WORKLIST = `($2::boolean OR c.organization_id = ANY($3::uuid[]) OR c.assigned_to_agent_id = $4::uuid)`;

/** SQL condition on `c` and `p`: one more text may leave, and no other to the person left or leaves within three hours. */
export const MAY_REMIND = `(${SMS_POSSIBLE} AND c.state = 'booked' AND c.starts_at > (SELECT app_now()) + interval '1 hour'
  AND NOT ${HAS_SPARE} AND NOT ${TEXT_IS_NEAR})`;

/**
 * Appointments of the next 48 hours at which the person may not appear, each with its reasons: the most pressing
 * reason first, then the soonest.
 * @param mailIsOn whether e-mails can be sent: an address reaches nobody otherwise
 */
export async function worklistOf(
  tx: EntityManager,
  actor: Actor,
  asked: { readonly filter: WorklistFilter; readonly mailIsOn: boolean },
): Promise<readonly WorklistEntry[]> {
  const rows: Row[] = await tx.query(
    `SELECT ${REACH_FACTS}, ${FACTS_OF_PERSON},
            EXISTS (SELECT FROM agent_task said WHERE said.person_id = c.person_id AND said.closed_at IS NULL
                      AND said.kind IN ('reply', 'call-back', 'wrong-person')) AS "problemDeclared",
            p.first_name AS "firstName", p.last_name AS "lastName", p.phone_id AS "phoneId",
            number.value_sealed AS "phoneSealed", ty.name AS "typeName",
            pl.name AS "placeName", c.local_date AS date, to_char(c.local_time, 'HH24:MI') AS time,
            c.time_zone AS "timeZone", c.starts_at AS "startsAt",
            referent.first_name || ' ' || referent.last_name AS "referentName", ${MAY_REMIND} AS "canRemind",
            (SELECT away.first_name || ' ' || away.last_name FROM named_agent away WHERE away.id = ANY(${REPLACED})
                AND away.id IN (c.assigned_to_agent_id, p.referent_id) LIMIT 1) AS "standsInFor"
       FROM ${REACH_FACTS_FROM}
       JOIN appointment_type ty ON ty.code = c.type_code
       JOIN place pl ON pl.id = c.place_id
       LEFT JOIN contact number ON number.id = p.phone_id
       LEFT JOIN named_agent referent ON referent.id = p.referent_id
      WHERE c.state = 'booked' AND c.starts_at > (SELECT app_now())
        AND c.starts_at <= (SELECT app_now()) + make_interval(hours => ${WORKLIST_HOURS}) AND ${MY_WORKLIST}
        AND ($5::text = 'service' OR $4::uuid IN (c.assigned_to_agent_id, p.referent_id)
          OR ARRAY[c.assigned_to_agent_id, p.referent_id] && ${REPLACED})
      ORDER BY c.starts_at, c.id LIMIT ${MOST}`,
    [asked.mailIsOn, ...taskScope(actor), asked.filter],
  );
  return rows
    .map(({ phoneId, phoneSealed, ...row }) => ({
      ...row,
      phone: openContact(tx, phoneId, phoneSealed),
      reasons: reasonsOf(row),
    }))
    .filter(({ reasons }) => reasons.length > 0)
    .sort(byUrgency);
}

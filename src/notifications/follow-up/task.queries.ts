import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { scopeOf } from '../../access/domain/rights.js';
import { openContact } from '../../platform/contacts.js';
import type { MessageKind } from '../domain/notification.states.js';
import { SMS_POSSIBLE, STILL_HOLDS } from './follow-up-facts.query.js';
import type { TaskKind } from './open-tasks.js';
import { replacedBy } from '../../agents/life/absence.queries.js';
import { HAS_SPARE, TEXT_IS_NEAR } from './spare-reminder.js';

/** What an agent is asked to do, and what is needed to do it. */
export interface TaskView {
  readonly id: string;
  readonly kind: TaskKind;
  /** A code. */
  readonly reason: string;
  readonly openedAt: Date;
  /** Null: no hour presses. */
  readonly actBefore: Date | null;
  readonly personId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: { readonly e164: string; readonly mobile: boolean } | null;
  readonly referentName: string | null;
  readonly assignedToAgentId: string | null;
  readonly assignedToName: string | null;
  /** Of a colleague who is away and for whom the actor stands in. */
  readonly isStandIn: boolean;
  readonly convocation: {
    readonly id: string;
    readonly typeName: string;
    readonly placeName: string;
    readonly date: string;
    readonly time: string;
    readonly timeZone: string;
  } | null;
  readonly messageKind: MessageKind | null;
  /** `now`: a click sends it; `going`: it is on its way again; `no`: nothing can be sent. */
  /** `near`: a text to the person leaves or left within three hours; one more reminder keeps away from it. */
  readonly resend: 'now' | 'going' | 'near' | 'no';
  /** What the person answered by text since the task was opened, oldest first, as typed; empty unless it is about an answer. */
  readonly replies: readonly string[];
}

export type TaskFilter = 'all' | 'mine' | 'others';

export interface TaskCounts {
  readonly total: number;
  readonly mine: number;
  /** « Joindre autrement ». */
  readonly toReach: number;
}

const MOST = 200;

/** For a query whose first parameters are `taskScope(actor)` and whose tasks are `t`. */
export const MY_TASKS = `($1::boolean OR t.assigned_to_agent_id = $3::uuid
  OR t.organization_id IN (SELECT id FROM organization WHERE id = ANY($2::uuid[])))`;

/** The actor's own, and those of colleagues for whom the actor stands in; parameters as for `MY_TASKS`. */
const REPLACED = replacedBy('$3');
const TO_DO_BY_ME = `coalesce(t.assigned_to_agent_id = $3::uuid OR t.assigned_to_agent_id = ANY(${REPLACED}), false)`;

/** Whose tasks and appointments the actor deals with: parameters of `MY_TASKS` and of the worklist. */
export function taskScope(
  actor: Actor,
): [everywhere: boolean, own: readonly string[], agentId: string | null] {
  return [...scopeOf(actor, 'task.read'), actor.agentId];
}

/** On its way again: the message of the task, planned anew or taken and not yet confirmed. */
const GOING = `m.state IN ('planned', 'queued', 'sending', 'uncertain', 'accepted')`;

/** A text may leave: what failed is planned again, or one more reminder stands in for what was never sent. */
const MAY_RESEND = `t.kind = 'reach-otherwise' AND ${SMS_POSSIBLE} AND CASE
  WHEN m.state IN ('undelivered', 'failed') THEN ${STILL_HOLDS} AND m.useful_until > (SELECT app_now())
  ELSE c.state = 'booked' AND c.starts_at > (SELECT app_now()) + interval '1 hour'
   AND (m.id IS NULL OR m.state IN ('suppressed', 'expired', 'withdrawn'))
   AND NOT ${HAS_SPARE} END`;
/** What failed leaves again whatever else does; what was never sent keeps three hours from every text to the person. */
const MUST_WAIT = `(m.id IS NULL OR m.state NOT IN ('undelivered', 'failed')) AND ${TEXT_IS_NEAR}`;
/** SQL: whether a text may leave for the task \`t\`, of the person \`p\`, the convocation \`c\` and the message \`m\`. */
export const RESEND = `CASE WHEN ${GOING} THEN 'going' WHEN NOT coalesce(${MAY_RESEND}, false) THEN 'no'
  WHEN ${MUST_WAIT} THEN 'near' ELSE 'now' END`;

/** The one that opened the task came in the same transaction, at the same instant. */
const REPLIES_SINCE = `(SELECT coalesce(json_agg(reply.body ORDER BY reply.received_at, reply.id), '[]')
  FROM (SELECT i.id, i.body, i.received_at FROM inbound_message_person mine
          JOIN inbound_message i ON i.id = mine.inbound_message_id
         WHERE mine.person_id = t.person_id AND i.received_at >= t.opened_at
         ORDER BY i.received_at DESC, i.id LIMIT 5) AS reply)`;

const SELECT = `SELECT t.id, t.kind, t.reason, t.opened_at AS "openedAt", t.act_before AS "actBefore",
  p.id AS "personId", p.first_name AS "firstName", p.last_name AS "lastName",
  p.phone_id AS "phoneId", number.value_sealed AS "phoneSealed", p.phone_mobile AS "phoneMobile",
  referent.first_name || ' ' || referent.last_name AS "referentName", t.assigned_to_agent_id AS "assignedToAgentId",
  assigned.first_name || ' ' || assigned.last_name AS "assignedToName",
  coalesce(t.assigned_to_agent_id = ANY(${REPLACED}), false) AS "isStandIn",
  CASE WHEN c.id IS NULL THEN NULL ELSE json_build_object('id', c.id, 'typeName', ty.name, 'placeName', pl.name,
    'date', c.local_date, 'time', to_char(c.local_time, 'HH24:MI'), 'timeZone', c.time_zone) END AS convocation,
  m.kind AS "messageKind",
  ${RESEND} AS resend,
  CASE WHEN t.kind IN ('reply', 'call-back', 'wrong-person') THEN ${REPLIES_SINCE} ELSE '[]' END AS replies
  FROM agent_task t
  JOIN person p ON p.id = t.person_id
  LEFT JOIN contact number ON number.id = p.phone_id
  LEFT JOIN named_agent referent ON referent.id = p.referent_id
  LEFT JOIN named_agent assigned ON assigned.id = t.assigned_to_agent_id
  LEFT JOIN convocation c ON c.id = t.convocation_id
  LEFT JOIN appointment_type ty ON ty.code = c.type_code
  LEFT JOIN place pl ON pl.id = c.place_id
  LEFT JOIN message m ON m.id = t.message_id`;

interface TaskRow extends Omit<TaskView, 'phone'> {
  readonly phoneId: string | null;
  readonly phoneSealed: Buffer | null;
  readonly phoneMobile: boolean;
}

function opened(tx: EntityManager, row: TaskRow): TaskView {
  const { phoneId, phoneSealed, phoneMobile, ...task } = row;
  const e164 = openContact(tx, phoneId, phoneSealed);
  return { ...task, phone: e164 === null ? null : { e164, mobile: phoneMobile } };
}

/** Open tasks of the actor's service, theirs first, then by the hour before which to act; at most 200. */
export async function openTasksOf(
  tx: EntityManager,
  actor: Actor,
  filter: TaskFilter = 'all',
): Promise<TaskView[]> {
  const rows: TaskRow[] = await tx.query(
    `${SELECT} WHERE t.closed_at IS NULL AND ${MY_TASKS}
       AND CASE $4 WHEN 'mine' THEN ${TO_DO_BY_ME} WHEN 'others' THEN NOT ${TO_DO_BY_ME} ELSE true END
     ORDER BY NOT ${TO_DO_BY_ME}, t.act_before NULLS LAST, t.opened_at, t.id LIMIT ${MOST}`,
    [...taskScope(actor), filter],
  );
  return rows.map((row) => opened(tx, row));
}

/** Open tasks of one person or one convocation, among those the actor may see. */
export async function openTasksAbout(
  tx: EntityManager,
  actor: Actor,
  subject: { readonly personId: string } | { readonly convocationId: string },
): Promise<TaskView[]> {
  const [column, id] =
    'personId' in subject ? ['person_id', subject.personId] : ['convocation_id', subject.convocationId];
  const rows: TaskRow[] = await tx.query(
    `${SELECT} WHERE t.closed_at IS NULL AND ${MY_TASKS} AND t.${column} = $4
     ORDER BY t.act_before NULLS LAST, t.opened_at, t.id LIMIT ${MOST}`,
    [...taskScope(actor), id],
  );
  return rows.map((row) => opened(tx, row));
}

/** Those of these convocations whose person an agent must still reach; who may see them is the caller's question. */
export async function toReachOtherwise(
  tx: EntityManager,
  convocationIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (convocationIds.length === 0) return new Set();
  const rows: { id: string }[] = await tx.query(
    `SELECT convocation_id AS id FROM agent_task
      WHERE closed_at IS NULL AND kind = 'reach-otherwise' AND convocation_id = ANY($1::uuid[])`,
    [convocationIds],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Open tasks of the actor's service. */
export async function countTasks(tx: EntityManager, actor: Actor): Promise<TaskCounts> {
  const rows: TaskCounts[] = await tx.query(
    `SELECT count(*)::int AS total, (count(*) FILTER (WHERE ${TO_DO_BY_ME}))::int AS mine,
            (count(*) FILTER (WHERE t.kind = 'reach-otherwise'))::int AS "toReach"
       FROM agent_task t WHERE t.closed_at IS NULL AND ${MY_TASKS}`,
    taskScope(actor),
  );
  return rows[0] ?? { total: 0, mine: 0, toReach: 0 };
}

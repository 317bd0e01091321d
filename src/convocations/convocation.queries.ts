import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { TypeFamily } from '../access/domain/rights-table.js';
import { noteFileRead } from '../access/journal/journal-acts.js';
import { isDate } from '../organizations/domain/opening.js';
import type { PersonView } from '../persons/person.queries.js';
import { prepared } from '../platform/prepared.js';
import { NotFound, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { instantOf } from '../shared/time.js';
import { allowedEvents } from './domain/convocation.rules.js';
import type { CancelledBy, ConvocationEvent, ConvocationState } from './domain/convocation.states.js';
import {
  KEPT_CONVOCATION,
  keptScope,
  mayRecordOutcome,
  mayReschedule,
  VISIBLE_CONVOCATION,
  visibleScope,
} from './visibility.js';

export interface ConvocationView {
  readonly id: string;
  readonly personId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly typeCode: string;
  readonly typeName: string;
  /** Of the type; rights are given by it. */
  readonly family: TypeFamily;
  readonly agendaId: string;
  readonly agendaName: string;
  readonly placeId: string;
  readonly placeName: string;
  readonly placeAddress: string;
  /** Service of the place. */
  readonly organizationId: string;
  readonly organizationName: string;
  readonly slotId: string | null;
  /** Wall clock at the place. */
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly durationMinutes: number;
  readonly promiseVersion: number;
  readonly state: ConvocationState;
  readonly cancelledBy: CancelledBy | null;
  readonly outcomeAt: Date | null;
  readonly createdByOrganizationId: string;
  readonly createdByAgentId: string | null;
  readonly createdByName: string | null;
  readonly assignedToAgentId: string | null;
  readonly assignedToName: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** What this actor may do to it now: arrows of the table, hour, role and service. */
  readonly allowedEvents: readonly ConvocationEvent[];
}

const MOST_OF_A_DAY = 500;
/** At once, when nothing else is said. */
const MOST_OF_A_PERSON = 200;

const COLUMNS = `c.id, c.person_id AS "personId", n.first_name AS "firstName", n.last_name AS "lastName",
  c.type_code AS "typeCode", t.name AS "typeName", t.family, c.agenda_id AS "agendaId", a.name AS "agendaName",
  c.place_id AS "placeId", p.name AS "placeName", p.address AS "placeAddress",
  c.organization_id AS "organizationId", o.name AS "organizationName", c.slot_id AS "slotId",
  c.local_date AS date, c.local_time AS time, c.time_zone AS "timeZone", c.starts_at AS "startsAt",
  c.duration_minutes AS "durationMinutes", c.promise_version AS "promiseVersion", c.state,
  c.cancelled_by AS "cancelledBy", c.outcome_at AS "outcomeAt",
  c.created_by_organization_id AS "createdByOrganizationId", c.created_by_agent_id AS "createdByAgentId",
  booker.first_name || ' ' || booker.last_name AS "createdByName", c.assigned_to_agent_id AS "assignedToAgentId",
  assigned.first_name || ' ' || assigned.last_name AS "assignedToName", c.created_at AS "createdAt",
  c.updated_at AS "updatedAt", (SELECT app_now()) AS now`;
const JOINS = `JOIN person n ON n.id = c.person_id JOIN appointment_type t ON t.code = c.type_code
  JOIN agenda a ON a.id = c.agenda_id JOIN place p ON p.id = c.place_id JOIN organization o ON o.id = c.organization_id
  LEFT JOIN named_agent booker ON booker.id = c.created_by_agent_id
  LEFT JOIN named_agent assigned ON assigned.id = c.assigned_to_agent_id`;

type Row = Omit<ConvocationView, 'allowedEvents'> & { readonly now: Date };

/**
 * The convocations are found and bounded before anything is joined: beneath row-level security the planner would
 * rather begin with every person of the service.
 * @param where condition on `c`
 * @param most parameter that holds the largest number of rows
 */
function selectSql(where: string, most: string, hour = 'c.starts_at'): string {
  return prepared(`SELECT ${COLUMNS}
  FROM (SELECT * FROM convocation c WHERE ${where} ORDER BY ${hour}, c.id LIMIT ${most}) c
  ${JOINS} ORDER BY ${hour}, n.search_key, c.id`);
}

async function select(
  tx: EntityManager,
  actor: Actor,
  sql: string,
  parameters: readonly unknown[],
): Promise<ConvocationView[]> {
  const rows: Row[] = await tx.query(sql, [...parameters]);
  return rows.map((row) => viewOf(row, actor));
}

function viewOf({ now, ...row }: Row, actor: Actor): ConvocationView {
  const moment = { state: row.state, startsAt: instantOf(row.startsAt) };
  return {
    ...row,
    allowedEvents: allowedEvents(moment, instantOf(now), mayRecordOutcome(actor, row)).filter(
      (event) => event !== 'reschedule' || mayReschedule(actor, row),
    ),
  };
}

/** @throws NotFound when missing, or neither at a place of the actor's service nor booked by it */
export async function findConvocation(tx: EntityManager, actor: Actor, id: string): Promise<ConvocationView> {
  if (!isUuid(id)) throw new NotFound('convocation');
  const [convocation] = await select(tx, actor, ONE, [...visibleScope(actor), id, 1]);
  if (convocation === undefined) throw new NotFound('convocation');
  noteFileRead(tx, convocation.personId, convocation.id);
  return convocation;
}

const ONE = selectSql(`c.id = $6 AND ${VISIBLE_CONVOCATION}`, '$7');

/**
 * Those of one person that the actor may see, latest first.
 * @param person as `findPerson` found it: who may not see the person has none to give
 */
export function convocationsOfPerson(
  tx: EntityManager,
  actor: Actor,
  person: PersonView,
  most = MOST_OF_A_PERSON,
): Promise<ConvocationView[]> {
  return select(tx, actor, OF_PERSON, [...visibleScope(actor), person.id, most]);
}

const OF_PERSON = selectSql(`c.person_id = $6 AND ${VISIBLE_CONVOCATION}`, '$7', 'c.starts_at DESC');

export interface NextConvocation {
  readonly id: string;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly placeName: string;
}

/** The next booked convocation of each of these persons, among those the actor may see; for a page of results. */
export async function nextOfPersons(
  tx: EntityManager,
  actor: Actor,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, NextConvocation>> {
  const rows: (NextConvocation & { personId: string })[] = await tx.query(
    `SELECT DISTINCT ON (c.person_id) c.person_id AS "personId", c.id, c.local_date AS date, c.local_time AS time,
       c.time_zone AS "timeZone", p.name AS "placeName"
     FROM convocation c JOIN place p ON p.id = c.place_id
     WHERE c.person_id = ANY($6::uuid[]) AND c.state = 'booked' AND c.starts_at > (SELECT app_now())
       AND ${VISIBLE_CONVOCATION}
     ORDER BY c.person_id, c.starts_at, c.id`,
    [...visibleScope(actor), personIds],
  );
  return new Map(rows.map(({ personId, ...next }) => [personId, next]));
}

/** One local day of the actor's service, by hour; cancelled ones included. At most 500. */
export async function dayList(
  tx: EntityManager,
  actor: Actor,
  filter: { readonly date: string; readonly agendaId?: string | undefined },
): Promise<ConvocationView[]> {
  if (!isDate(filter.date))
    throw new ValidationFailed([{ field: 'date', code: 'date', message: 'not a day' }]);
  const agendaId = filter.agendaId ?? null;
  if (agendaId !== null && !isUuid(agendaId)) throw new NotFound('agenda');
  return select(tx, actor, DAY, [...keptScope(actor), filter.date, agendaId, MOST_OF_A_DAY]);
}

/**
 * The bounds let the index work: a local day lies within them whatever the zone of the place. Typed as the column is:
 * row-level security lets no comparison of two types into an index.
 */
const DAY = selectSql(
  `${KEPT_CONVOCATION} AND c.local_date = $4::date AND ($5::uuid IS NULL OR c.agenda_id = $5)
    AND c.starts_at BETWEEN ($4::date - 1)::timestamptz AND ($4::date + 2)::timestamptz`,
  '$6',
);

/** Of the actor's service, "today" being that of each place; cancelled ones left out. By hour, at most 500. */
export function todayOf(tx: EntityManager, actor: Actor): Promise<ConvocationView[]> {
  return select(tx, actor, TODAY, [...keptScope(actor), MOST_OF_A_DAY]);
}

const TODAY = selectSql(
  `${KEPT_CONVOCATION} AND c.state <> 'cancelled'
    AND c.local_date = ((SELECT app_now()) AT TIME ZONE c.time_zone)::date
    AND c.starts_at BETWEEN (SELECT app_now()) - interval '26 hours' AND (SELECT app_now()) + interval '26 hours'`,
  '$4',
);

/** Those of these that the actor may see, soonest first; unknown ids are left out. At most 500. */
export function convocationsByIds(
  tx: EntityManager,
  actor: Actor,
  ids: readonly string[],
): Promise<ConvocationView[]> {
  return select(tx, actor, BY_IDS, [...visibleScope(actor), ids, MOST_OF_A_DAY]);
}

const BY_IDS = selectSql(`c.id = ANY($6::uuid[]) AND ${VISIBLE_CONVOCATION}`, '$7');

import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import type { TypeFamily } from '../access/domain/rights-table.js';
import { Forbidden, NotFound } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import { type Instant, instantOf } from '../shared/time.js';
import { IllegalTransition, stateAfter } from './domain/convocation.rules.js';
import type { CancelledBy, ConvocationEvent, ConvocationState } from './domain/convocation.states.js';
import { mayRecordOutcome, VISIBLE_CONVOCATION, visibleScope } from './visibility.js';

/** A convocation whose row is ours until the end of the transaction. */
export interface LockedConvocation {
  readonly id: string;
  readonly personId: string;
  readonly personArchived: boolean;
  readonly typeCode: string;
  readonly family: TypeFamily;
  readonly agendaId: string;
  readonly placeId: string;
  readonly organizationId: string;
  readonly createdByOrganizationId: string;
  readonly slotId: string | null;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly startsAt: Instant;
  readonly promiseVersion: number;
  readonly state: ConvocationState;
}

/** @throws NotFound when missing or not visible to the actor */
export async function lockConvocation(
  tx: EntityManager,
  actor: Actor,
  id: string,
): Promise<LockedConvocation> {
  if (!isUuid(id)) throw new NotFound('convocation');
  const rows: (Omit<LockedConvocation, 'startsAt'> & { startsAt: Date })[] = await tx.query(
    `SELECT c.id, c.person_id AS "personId", p.archived_at IS NOT NULL AS "personArchived", c.type_code AS "typeCode",
       (SELECT t.family FROM appointment_type t WHERE t.code = c.type_code) AS family,
       c.agenda_id AS "agendaId", c.place_id AS "placeId", c.organization_id AS "organizationId",
       c.created_by_organization_id AS "createdByOrganizationId",
       c.slot_id AS "slotId", c.local_date AS date, c.local_time AS time, c.time_zone AS "timeZone",
       c.starts_at AS "startsAt", c.promise_version AS "promiseVersion", c.state
     FROM convocation c JOIN person p ON p.id = c.person_id
     WHERE c.id = $6 AND ${VISIBLE_CONVOCATION} FOR NO KEY UPDATE OF c`,
    [...visibleScope(actor), id],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFound('convocation');
  return { ...row, startsAt: instantOf(row.startsAt) };
}

/** @throws Forbidden unless this role records outcomes of this type and the place is of the actor's service */
export function refuseForeignOutcome(actor: Actor, convocation: LockedConvocation): void {
  if (!mayRecordOutcome(actor, convocation)) throw new Forbidden('attendance.record');
}

/**
 * Writes where the event leads. The seat is another matter.
 * @throws IllegalTransition, TooEarly, TooLate
 */
export async function changeState(
  tx: EntityManager,
  convocation: LockedConvocation,
  event: Exclude<ConvocationEvent, 'reschedule'>,
  now: Instant,
  cancelledBy: CancelledBy | null = null,
): Promise<ConvocationState> {
  const to = stateAfter(convocation, event, now);
  const isOutcome = to === 'attended' || to === 'missed' || to === 'excused';
  const [, changed]: [unknown, number] = await tx.query(
    `UPDATE convocation SET state = $3, cancelled_by = $4, outcome_at = CASE WHEN $5 THEN app_now() END,
       updated_at = greatest(app_now(), updated_at + interval '1 ms')
     WHERE id = $1 AND state = $2`,
    [convocation.id, convocation.state, to, cancelledBy, isOutcome],
  );
  if (changed === 0) throw new IllegalTransition(convocation.state, event);
  return to;
}

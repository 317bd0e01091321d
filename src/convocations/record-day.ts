import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { may, scopeOf } from '../access/domain/rights.js';
import { noteActs } from '../access/journal/journal-acts.js';
import { changeOf } from '../persons/history.js';
import { Clock } from '../platform/clock.js';
import { type FieldError, Forbidden, ValidationFailed } from '../shared/domain-error.js';
import { isUuid } from '../shared/ids.js';
import type { Instant } from '../shared/time.js';
import { MessagePlanner } from './message-planner.port.js';
import { type Outcome, RECORDED } from './record-attendance.js';
import { outcomeFamilies } from './visibility.js';

export interface RecordDayCommand {
  /** One outcome for each convocation the agent saw: « tous présents sauf… » names all of them. At most 500. */
  readonly outcomes: readonly { readonly convocationId: string; readonly outcome: Outcome }[];
  /** Tells those who missed. */
  readonly notify: boolean;
}

export interface RecordDayResult {
  readonly recorded: number;
  /** Those that somebody else changed meanwhile, that are still to come, or that are not of the service. */
  readonly skipped: readonly string[];
}

const MOST = 500;
const OUTCOMES = Object.keys(RECORDED) as Outcome[];

/** One statement for each outcome, whatever the number of convocations. */
const MOVE = `
  WITH moved AS (
    UPDATE convocation SET state = $4, outcome_at = app_now(),
      updated_at = greatest(app_now(), updated_at + interval '1 ms')
    WHERE id = ANY($3::uuid[]) AND state = 'booked' AND ($1::boolean OR organization_id = ANY($2::uuid[]))
      AND type_code IN (SELECT code FROM appointment_type WHERE family = ANY($9::text[]))
      AND ($4 = 'excused' OR starts_at <= $5)
    RETURNING id, person_id
  )
  INSERT INTO history_entry (event, person_id, convocation_id, agent_id, api_key_id, detail)
  SELECT 'convocation.' || $4::text, person_id, id, $6, $7, jsonb_build_object('notify', $8::boolean) FROM moved
  RETURNING convocation_id AS id, person_id AS "personId"`;

/** Marks a whole half-day at once. */
@Injectable()
export class RecordDay {
  constructor(
    private readonly clock: Clock,
    private readonly planner: MessagePlanner,
  ) {}

  /** @throws Forbidden by role, ValidationFailed */
  async execute(tx: EntityManager, command: RecordDayCommand, actor: Actor): Promise<RecordDayResult> {
    if (!may(actor, 'attendance.record')) throw new Forbidden('attendance.record');
    refuseShape(command);
    const now = await this.clock.now(tx);
    const ids = command.outcomes.map((one) => one.convocationId);
    await lockInOrder(tx, 'convocation', ids);
    const recorded = new Set<string>();
    for (const outcome of OUTCOMES)
      for (const id of await this.move(tx, command, outcome, actor, now)) recorded.add(id);
    return { recorded: recorded.size, skipped: ids.filter((id) => !recorded.has(id.toLowerCase())) };
  }

  private async move(
    tx: EntityManager,
    { outcomes, notify }: RecordDayCommand,
    outcome: Outcome,
    actor: Actor,
    now: Instant,
  ): Promise<string[]> {
    const ids = outcomes.flatMap((one) => (one.outcome === outcome ? [one.convocationId] : []));
    if (ids.length === 0) return [];
    const change = RECORDED[outcome];
    const rows: { id: string; personId: string }[] = await tx.query(MOVE, [
      ...scopeOf(actor, 'attendance.record'),
      ids,
      change,
      now.toString(),
      actor.agentId,
      actor.apiKeyId,
      notify,
      outcomeFamilies(actor),
    ]);
    noteActs(
      tx,
      rows.map(({ id, personId }) =>
        changeOf({ event: `convocation.${change}`, personId, convocationId: id }),
      ),
    );
    const moved = rows.map((row) => row.id);
    if (outcome === 'excuse') await freeSeats(tx, moved);
    for (const convocationId of moved)
      await this.planner.plan(tx, { convocationId, change, notify, isBulk: true });
    return moved;
  }
}

/** Always in this order, so that two agents marking the same day wait for each other and no more. */
async function lockInOrder(
  tx: EntityManager,
  table: 'convocation' | 'slot',
  ids: readonly string[],
): Promise<void> {
  await tx.query(`SELECT FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [ids]);
}

async function freeSeats(tx: EntityManager, convocationIds: readonly string[]): Promise<void> {
  const rows: { id: string }[] = await tx.query(
    'SELECT DISTINCT slot_id AS id FROM convocation WHERE id = ANY($1::uuid[]) AND slot_id IS NOT NULL',
    [convocationIds],
  );
  await lockInOrder(
    tx,
    'slot',
    rows.map((row) => row.id),
  );
  await tx.query(
    `UPDATE slot SET seats_taken = seats_taken - freed.seats
     FROM (SELECT slot_id, count(*)::int AS seats FROM convocation
       WHERE id = ANY($1::uuid[]) AND slot_id IS NOT NULL GROUP BY slot_id) freed
     WHERE slot.id = freed.slot_id`,
    [convocationIds],
  );
}

function refuseShape({ outcomes }: RecordDayCommand): void {
  const errors: FieldError[] = [];
  const ids = outcomes.map((one) => one.convocationId.toLowerCase());
  if (!ids.every(isUuid)) errors.push({ field: 'outcomes', code: 'isUuid', message: 'unknown convocation' });
  if (new Set(ids).size < ids.length)
    errors.push({ field: 'outcomes', code: 'unique', message: 'one outcome for each convocation' });
  if (ids.length > MOST)
    errors.push({ field: 'outcomes', code: 'range', message: `at most ${MOST} at once` });
  if (!outcomes.every((one) => OUTCOMES.includes(one.outcome)))
    errors.push({ field: 'outcomes', code: 'isIn', message: OUTCOMES.join(', ') });
  if (errors.length > 0) throw new ValidationFailed(errors);
}

import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { type BreakdownFilter, filterParameters, OF_FILTER } from './breakdown.query.js';
import { prepared } from '../platform/prepared.js';
import { DEFAULT_UNIT_COSTS, type UnitCosts } from './domain/savings.js';

export interface TextCost {
  readonly texts: number;
  /** What the operator bills. */
  readonly parts: number;
  /** At today's price of the service. */
  readonly euros: number;
}

/** Text messages about the convocations of a period, retries included; as of the last night. */
export async function textCost(tx: EntityManager, actor: Actor, filter: BreakdownFilter): Promise<TextCost> {
  const rows: TextCost[] = await tx.query(TEXT_COST, filterParameters(actor, filter));
  return rows[0] ?? { texts: 0, parts: 0, euros: 0 };
}

/** Unit costs of a service: its own, or the defaults. */
export async function unitCosts(tx: EntityManager, organizationId: string): Promise<UnitCosts> {
  const rows: UnitCosts[] = await tx.query(UNIT_COSTS, [organizationId]);
  return rows[0] ?? DEFAULT_UNIT_COSTS;
}

const TEXT_COST = prepared(`
SELECT coalesce(sum(texts), 0)::integer AS texts, coalesce(sum(parts), 0)::integer AS parts,
       coalesce(sum(parts) * (SELECT sms_price_cents FROM organization WHERE id = $1) / 100, 0)::float8 AS euros
  FROM text_cost_cell WHERE ${OF_FILTER}`);

const UNIT_COSTS = prepared(`
SELECT letter_cents AS "letterCents", registered_cents AS "registeredCents", hour_cents AS "hourCents",
       letters_per_absence::float8 AS "lettersPerAbsence",
       registered_per_absence::float8 AS "registeredPerAbsence", minutes_per_absence AS "minutesPerAbsence"
  FROM service_unit_cost WHERE organization_id = $1`);

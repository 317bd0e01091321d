import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { prepared } from '../platform/prepared.js';
import {
  type BreakdownFilter,
  type BreakdownGround,
  filterParameters,
  groundOf,
  type GroundRow,
  groundSql,
  OF_FILTER,
} from './breakdown.query.js';
import { DEFAULT_UNIT_COSTS, type UnitCosts } from './domain/savings.js';

/** Text messages about the convocations of a period, retries included; as of the last night. */
export interface TextCost {
  readonly texts: number;
  /** What the operator bills. */
  readonly parts: number;
  /** At today's price of the service. */
  readonly euros: number;
}

/** What stands beside the figures of a service: how reliable they are, where they come from, what they cost. */
export interface ServiceGrounds {
  readonly ground: BreakdownGround;
  readonly texts: TextCost;
  /** Its own, or the defaults. */
  readonly costs: UnitCosts;
  /** Where imported counts come from, in the words of whoever imported them; newest first. */
  readonly baselineSources: readonly string[];
}

interface Row extends GroundRow, TextCost {
  readonly costs: UnitCosts | null;
  readonly sources: readonly string[];
}

/** One statement. @param months length of the period; above two years, the reliability of two years holds */
export async function serviceGrounds(
  tx: EntityManager,
  actor: Actor,
  filter: BreakdownFilter,
  months: number,
): Promise<ServiceGrounds> {
  const rows: Row[] = await tx.query(GROUNDS, [...filterParameters(actor, filter), months]);
  const [found] = rows;
  if (found === undefined) throw new Error('an aggregate without a row');
  const { texts, parts, euros, costs, sources } = found;
  return {
    ground: groundOf(found),
    texts: { texts, parts, euros },
    costs: costs ?? DEFAULT_UNIT_COSTS,
    baselineSources: [...new Set(sources)],
  };
}

const TEXT_COST = `
  SELECT coalesce(sum(texts), 0)::integer AS texts, coalesce(sum(parts), 0)::integer AS parts,
         coalesce(sum(parts) * (SELECT sms_price_cents FROM organization WHERE id = $1) / 100, 0)::float8 AS euros
    FROM text_cost_cell WHERE ${OF_FILTER}`;

const UNIT_COSTS = `
  SELECT letter_cents AS "letterCents", registered_cents AS "registeredCents", hour_cents AS "hourCents",
         letters_per_absence::float8 AS "lettersPerAbsence",
         registered_per_absence::float8 AS "registeredPerAbsence", minutes_per_absence AS "minutesPerAbsence"
    FROM service_unit_cost WHERE organization_id = $1`;

const SOURCES = `
  SELECT coalesce(json_agg(i.source ORDER BY i.created_at DESC), '[]') FROM baseline_import i
   WHERE i.organization_id = $1 AND EXISTS (SELECT FROM baseline_count c WHERE c.import_id = i.id)`;

/** Ground and costs of texts are one row each. */
const GROUNDS = prepared(`
SELECT ground.*, texted.*, (SELECT row_to_json(own) FROM (${UNIT_COSTS}) AS own) AS costs, (${SOURCES}) AS sources
  FROM (${groundSql('$7')}) AS ground CROSS JOIN (${TEXT_COST}) AS texted`);

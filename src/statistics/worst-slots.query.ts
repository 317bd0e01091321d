import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { prepared } from '../platform/prepared.js';
import { type BreakdownFilter, filterParameters, OF_FILTER } from './breakdown.query.js';
import { FEWEST_FOR_A_SLOT } from './domain/breakdown.js';

export interface WorstSlot {
  /** 1 is Monday. */
  readonly weekday: number;
  /** `HH:mm` at the place; `morning` or `afternoon` (from 13:00) where no hour has outcomes enough. */
  readonly time: string;
  readonly typeCode: string;
  readonly typeName: string;
  readonly missed: number;
  readonly known: number;
}

const MOST = 5;

/**
 * Slots with the highest absence, of those with at least `FEWEST_FOR_A_SLOT` known outcomes; the highest first. Hours,
 * or half-days in a service too small for them.
 */
export async function worstSlots(
  tx: EntityManager,
  actor: Actor,
  filter: BreakdownFilter,
): Promise<readonly WorstSlot[]> {
  return tx.query(WORST, [...filterParameters(actor, filter), FEWEST_FOR_A_SLOT, MOST]);
}

/** Half-days take the place of hours only where no hour says enough: asked for then, not before. */
const WORST = prepared(`
WITH slot AS MATERIALIZED (
  SELECT value, type_code, sum(missed)::integer AS missed, sum(attended + missed + excused)::integer AS known
    FROM breakdown_cell WHERE ${OF_FILTER} AND dimension = 'slot' GROUP BY value, type_code
), half_day AS (
  SELECT split_part(value, ' ', 1) || CASE WHEN split_part(value, ' ', 2) < '13:00' THEN ' morning' ELSE ' afternoon' END,
         type_code, sum(missed)::integer, sum(known)::integer
    FROM slot GROUP BY 1, 2 HAVING sum(known) >= $7
), told AS (
  SELECT * FROM slot WHERE known >= $7
   UNION ALL
  SELECT * FROM half_day WHERE NOT EXISTS (SELECT FROM slot WHERE known >= $7)
)
SELECT split_part(s.value, ' ', 1)::integer AS weekday, split_part(s.value, ' ', 2) AS time,
       s.type_code AS "typeCode", t.name AS "typeName", s.missed, s.known
  FROM told AS s JOIN appointment_type t ON t.code = s.type_code
 ORDER BY s.missed::float8 / s.known DESC, s.known DESC, s.value, s.type_code LIMIT $8`);

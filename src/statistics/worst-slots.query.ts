import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { prepared } from '../platform/prepared.js';
import { type BreakdownFilter, filterParameters, OF_FILTER } from './breakdown.query.js';
import { FEWEST_FOR_A_SLOT } from './domain/breakdown.js';

export interface WorstSlot {
  /** 1 is Monday. */
  readonly weekday: number;
  /** `HH:mm` at the place. */
  readonly time: string;
  readonly typeCode: string;
  readonly typeName: string;
  readonly missed: number;
  readonly known: number;
}

const MOST = 5;

/** Slots with the highest absence, of those with at least `FEWEST_FOR_A_SLOT` known outcomes; the highest first. */
export async function worstSlots(
  tx: EntityManager,
  actor: Actor,
  filter: BreakdownFilter,
): Promise<readonly WorstSlot[]> {
  return tx.query(WORST, [...filterParameters(actor, filter), FEWEST_FOR_A_SLOT, MOST]);
}

const WORST = prepared(`
SELECT split_part(s.value, ' ', 1)::integer AS weekday, split_part(s.value, ' ', 2) AS time,
       s.type_code AS "typeCode", t.name AS "typeName", s.missed, s.known
  FROM (SELECT value, type_code, sum(missed)::integer AS missed, sum(attended + missed + excused)::integer AS known
          FROM breakdown_cell WHERE ${OF_FILTER} AND dimension = 'slot' GROUP BY value, type_code) AS s
  JOIN appointment_type t ON t.code = s.type_code
 WHERE s.known >= $7
 ORDER BY s.missed::float8 / s.known DESC, s.known DESC, s.value, s.type_code LIMIT $8`);

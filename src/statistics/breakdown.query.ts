import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf } from '../access/domain/rights.js';
import { prepared } from '../platform/prepared.js';
import { type Instant, instantOf } from '../shared/time.js';
import { DIMENSIONS, type Dimension, PHONE_DIMENSION, type TYPE_DIMENSION } from './domain/breakdown.js';
import type { AttendanceCounts } from './domain/counts.js';

/** What a page of one service asks of the cells. */
export interface BreakdownFilter {
  readonly organizationId: string;
  /** Every type when absent. */
  readonly typeCodes?: readonly string[] | undefined;
  /** First and last month, `YYYY-MM`, both included. */
  readonly from: string;
  readonly to: string;
}

export interface BreakdownRow extends AttendanceCounts {
  readonly dimension: Dimension | typeof PHONE_DIMENSION | typeof TYPE_DIMENSION;
  readonly value: string;
  /** Of the months from the start of the service on; false of all of them without a start. */
  readonly isSince: boolean;
}

/** Cells of one service the actor may see, of a period and types; $1 to $6. */
export const OF_FILTER = `
  organization_id = $1 AND ($2::boolean OR organization_id = ANY($3::uuid[])) AND ($4::text[] IS NULL OR type_code = ANY($4))
  AND month BETWEEN $5::date AND $6::date`;

/** Parameters 1 to 6 of the queries on totals by property. */
export function filterParameters(actor: Actor, filter: BreakdownFilter): unknown[] {
  return [
    filter.organizationId,
    ...scopeOf(actor, 'statistics.read'),
    filter.typeCodes ?? null,
    `${filter.from}-01`,
    `${filter.to}-01`,
  ];
}

/**
 * Counts by property, as of the last night, before and since the start, in no order; nothing for a service that the
 * actor may not see.
 * @param startedIn month of the start; null without one
 */
export async function breakdowns(
  tx: EntityManager,
  actor: Actor,
  filter: BreakdownFilter,
  startedIn: string | null,
): Promise<readonly BreakdownRow[]> {
  const since = startedIn === null ? null : `${startedIn}-01`;
  return filter.typeCodes === undefined
    ? tx.query(OF_ALL_TYPES, [...serviceParameters(actor, filter), since])
    : tx.query(OF_TYPES, [...filterParameters(actor, filter), since]);
}

function serviceParameters(actor: Actor, { organizationId, from, to }: BreakdownFilter): unknown[] {
  return [organizationId, ...scopeOf(actor, 'statistics.read'), `${from}-01`, `${to}-01`];
}

const COUNTS = ['attended', 'missed', 'excused', 'cancelled', 'unknown'];
const SUMS = COUNTS.map((count) => `sum(${count})::integer AS ${count}`).join(', ');

const READ = [...DIMENSIONS, PHONE_DIMENSION].map((dimension) => `'${dimension}'`).join(', ');

const OF_ALL_TYPES = prepared(`
SELECT dimension, value, coalesce(month >= $6::date, false) AS "isSince", ${SUMS} FROM breakdown_total
 WHERE organization_id = $1 AND ($2::boolean OR organization_id = ANY($3::uuid[])) AND month BETWEEN $4::date AND $5::date
 GROUP BY 1, 2, 3`);

/** Any dimension tells every convocation once, so one of them gives the types. */
const OF_TYPES = prepared(`
SELECT d.dimension, d.value, coalesce(month >= $7::date, false) AS "isSince", ${SUMS}
  FROM breakdown_cell AS c CROSS JOIN LATERAL (
    SELECT c.dimension, c.value UNION ALL SELECT 'type', c.type_code WHERE c.dimension = '${PHONE_DIMENSION}') AS d
 WHERE ${OF_FILTER} AND c.dimension IN (${READ})
 GROUP BY 1, 2, 3`);

/** How reliable the figures of a service are: when the cells were counted, and what returning persons do to intervals. */
export interface BreakdownGround {
  /** Null before the first night. */
  readonly foldedAt: Instant | null;
  /** For one month, and for a period of this length; 1 where nothing is measured yet. */
  readonly monthDesignEffect: number;
  readonly periodDesignEffect: number;
}

/** As it is read. */
export interface GroundRow {
  readonly foldedAt: Date | null;
  readonly month: number;
  readonly period: number;
}

/** @param months length of the period; above two years, that of two years holds */
export async function breakdownGround(
  tx: EntityManager,
  organizationId: string,
  months: number,
): Promise<BreakdownGround> {
  const rows: GroundRow[] = await tx.query(GROUND, [organizationId, months]);
  return groundOf(rows[0]);
}

/** What the totals stand on; without any, as if outcomes were independent. */
export function groundOf(found: GroundRow | undefined): BreakdownGround {
  return {
    foldedAt: found?.foldedAt == null ? null : instantOf(found.foldedAt),
    monthDesignEffect: found?.month ?? 1,
    periodDesignEffect: found?.period ?? 1,
  };
}

/** One row for the service $1. @param months SQL of the length of the period */
export const groundSql = (months: string) => `
SELECT (SELECT folded_at FROM breakdown_fold) AS "foldedAt",
       coalesce((array_agg(design_effect ORDER BY months))[1], 1) AS month,
       coalesce((array_agg(design_effect ORDER BY months) FILTER (WHERE months >= least(${months}::integer, 24)))[1], 1) AS period
  FROM attendance_design_effect WHERE organization_id = $1`;

const GROUND = prepared(groundSql('$2'));

import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf as servicesFor } from '../access/domain/rights.js';
import { keepPlans } from '../platform/kept-plans.js';
import { prepared } from '../platform/prepared.js';
import type { DetailedCounts, ServiceMonth } from './domain/counts.js';
import { type Detail, DETAILED_COUNTS, type RollUpRead, rollUpSql } from './roll-up.js';

export interface FigureFilter {
  /** All that the actor may see when absent. */
  readonly organizationIds?: readonly string[] | undefined;
  readonly typeCodes?: readonly string[] | undefined;
  readonly placeId?: string | undefined;
  /** First and last month, `YYYY-MM`, both included; `figuresBetween` takes days, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

/**
 * Counts by service and month, in the order of service id and month: the actor's own service, every service for a
 * central administrator. Months without anything are absent.
 *
 * A month in which a service recorded nothing at all takes the imported counts of before: those of all types where
 * the import has them, else the sum of its types; with types asked, those of the types. Imported counts know no
 * place: asked for one, none are given.
 */
export async function monthlyFigures(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
): Promise<readonly ServiceMonth[]> {
  if (filter.placeId !== undefined) return recordedMonths(tx, actor, filter);
  // On its way before the question, so that it costs no wait: planning would cost more than a tenth of the figures.
  const [, ofAllTypes] = await Promise.all([
    keepPlans(tx),
    tx.query<readonly ServiceMonth[]>(OF_ALL_TYPES, valuesOf(actor, inDays(filter), 'service')),
  ]);
  if (filter.typeCodes === undefined) return ofAllTypes;
  const recorded = await recordedMonths(tx, actor, filter);
  const without = ofAllTypes.filter(({ source }) => source === 'baseline').map(keyOf);
  if (without.length === 0) return recorded;
  const baseline: ServiceMonth[] = await tx.query(OF_TYPES, [
    ...scopeOf(actor, inDays(filter)),
    filter.typeCodes,
  ]);
  const added = baseline.filter((month) => without.includes(keyOf(month)));
  return [...recorded, ...added].sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : 1));
}

/**
 * Sums over a period of days by service, recorded ones only, with who cancelled and how many were moved; services
 * without anything are absent.
 */
export function figuresBetween(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
): Promise<readonly (DetailedCounts & { readonly organizationId: string })[]> {
  return tx.query(BETWEEN[detailOf(filter)], valuesOf(actor, filter));
}

function recordedMonths(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
): Promise<readonly ServiceMonth[]> {
  return tx.query(BY_MONTH[detailOf(filter)], valuesOf(actor, inDays(filter)));
}

/** The days of its months. */
function inDays(filter: FigureFilter): FigureFilter {
  const last = Temporal.PlainYearMonth.from(filter.to);
  return { ...filter, from: `${filter.from}-01`, to: `${filter.to}-${last.daysInMonth}` };
}

const keyOf = ({ organizationId, month }: ServiceMonth) => `${organizationId} ${month}`;

function detailOf({ typeCodes, placeId }: FigureFilter): Detail {
  if (placeId !== undefined) return 'place';
  return typeCodes === undefined ? 'service' : 'type';
}

/** Values of `SCOPE`, and the period. */
function scopeOf(actor: Actor, { organizationIds, from, to }: FigureFilter): readonly unknown[] {
  return [...servicesFor(actor, 'statistics.read'), organizationIds ?? null, from, to];
}

function valuesOf(actor: Actor, filter: FigureFilter, detail = detailOf(filter)): unknown[] {
  return [
    ...scopeOf(actor, filter),
    ...(detail === 'service' ? [] : [filter.typeCodes ?? null]),
    ...(detail === 'place' ? [filter.placeId] : []),
  ];
}

const SCOPE = '($1::boolean OR id = ANY($2::uuid[])) AND ($3::uuid[] IS NULL OR id = ANY($3))';
const TYPED = '($6::text[] IS NULL OR type_code = ANY($6))';
const SERVICE = { name: '"organizationId"', sql: 'organization_id' };

/** Fixed texts, never built from input. */
function readsOf(read: Pick<RollUpRead, 'groups' | 'counts'>): Readonly<Record<Detail, string>> {
  const windows = `SELECT id AS organization_id, '' AS tag, $4::date AS first, $5::date AS last FROM organization WHERE ${SCOPE}`;
  return {
    service: prepared(rollUpSql({ ...read, windows, detail: 'service' })),
    type: prepared(rollUpSql({ ...read, windows, detail: 'type', only: TYPED })),
    place: prepared(rollUpSql({ ...read, windows, detail: 'place', only: `${TYPED} AND place_id = $7` })),
  };
}

const BY_MONTH = readsOf({
  groups: [
    SERVICE,
    { name: 'month', sql: `to_char(first_day, 'YYYY-MM')` },
    { name: 'source', sql: `'recorded'::text` },
  ],
});

const BETWEEN = readsOf({ groups: [SERVICE], counts: DETAILED_COUNTS });

const baselineSql = (types: string) => `
SELECT organization_id, to_char(month, 'YYYY-MM'), 'baseline', sum(attended)::integer, sum(missed)::integer,
       sum(excused)::integer, sum(cancelled)::integer, sum(unknown)::integer
  FROM organization o JOIN baseline_count b ON b.organization_id = o.id
 WHERE ${SCOPE} AND month BETWEEN $4::date AND $5::date AND ${types} GROUP BY 1, 2`;

/** What is recorded, and the imported months of services that recorded nothing in them; one statement, no types. */
const OF_ALL_TYPES = prepared(`
WITH recorded AS MATERIALIZED (${BY_MONTH.service})
SELECT * FROM recorded
UNION ALL
${baselineSql(`
  NOT EXISTS (SELECT FROM recorded r WHERE r."organizationId" = organization_id AND r.month = to_char(b.month, 'YYYY-MM'))
   -- The row of all types, where there is one, stands for its types too.
   AND (type_code IS NULL OR NOT EXISTS (SELECT FROM baseline_count w WHERE w.organization_id = b.organization_id
                                            AND w.month = b.month AND w.type_code IS NULL))`)}
ORDER BY "organizationId", month`);

const OF_TYPES = prepared(`
SELECT * FROM (${baselineSql('type_code = ANY($6::text[])')})
  AS found ("organizationId", month, source, attended, missed, excused, cancelled, unknown)`);

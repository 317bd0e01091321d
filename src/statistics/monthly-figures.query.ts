import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../access/actor.js';
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
  const recorded = await recordedMonths(tx, actor, filter);
  if (filter.placeId !== undefined) return recorded;
  const baseline: ServiceMonth[] = await tx.query(BASELINE, [
    ...scopeOf(actor, filter),
    filter.typeCodes ?? null,
  ]);
  if (baseline.length === 0) return recorded;
  const ofAllTypes = filter.typeCodes === undefined;
  const known = ofAllTypes ? recorded : await recordedMonths(tx, actor, { ...filter, typeCodes: undefined });
  const taken = new Set(known.map(keyOf));
  const added = baseline.filter((month) => !taken.has(keyOf(month)));
  return [...recorded, ...added].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
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
  const last = Temporal.PlainYearMonth.from(filter.to);
  const days = { from: `${filter.from}-01`, to: `${filter.to}-${last.daysInMonth}` };
  return tx.query(BY_MONTH[detailOf(filter)], valuesOf(actor, { ...filter, ...days }));
}

const keyOf = ({ organizationId, month }: ServiceMonth) => `${organizationId} ${month}`;

function detailOf({ typeCodes, placeId }: FigureFilter): Detail {
  if (placeId !== undefined) return 'place';
  return typeCodes === undefined ? 'service' : 'type';
}

/** Values of `SCOPE`, and the period. */
function scopeOf(actor: Actor, { organizationIds, from, to }: FigureFilter): readonly unknown[] {
  return [actsEverywhere(actor), actor.organizationId, organizationIds ?? null, from, to];
}

function valuesOf(actor: Actor, filter: FigureFilter): unknown[] {
  const detail = detailOf(filter);
  return [
    ...scopeOf(actor, filter),
    ...(detail === 'service' ? [] : [filter.typeCodes ?? null]),
    ...(detail === 'place' ? [filter.placeId] : []),
  ];
}

const SCOPE = '($1::boolean OR id = $2) AND ($3::uuid[] IS NULL OR id = ANY($3))';
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

/** The row of all types, where there is one, stands for its types too. */
const BASELINE = `
SELECT organization_id AS "organizationId", to_char(month, 'YYYY-MM') AS month, 'baseline' AS source,
       sum(attended)::integer AS attended, sum(missed)::integer AS missed, sum(excused)::integer AS excused,
       sum(cancelled)::integer AS cancelled, sum(unknown)::integer AS unknown
  FROM organization o JOIN baseline_count b ON b.organization_id = o.id
 WHERE ${SCOPE} AND month BETWEEN ($4 || '-01')::date AND ($5 || '-01')::date
   AND CASE WHEN $6::text[] IS NOT NULL THEN type_code = ANY($6)
            ELSE type_code IS NULL OR NOT EXISTS (SELECT FROM baseline_count w WHERE w.organization_id = b.organization_id
                                                     AND w.month = b.month AND w.type_code IS NULL) END
 GROUP BY 1, 2`;

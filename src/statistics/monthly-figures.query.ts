import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { scopeOf as servicesFor } from '../access/domain/rights.js';
import { keepPlans } from '../platform/kept-plans.js';
import { prepared } from '../platform/prepared.js';
import type { DetailedCounts, ServiceMonth } from './domain/counts.js';
import { COUNTS, type Detail, DETAIL_NAMES, DETAILED_COUNTS, type RollUpRead, rollUpSql } from './roll-up.js';

export interface FigureFilter {
  /** All that the actor may see when absent. */
  readonly organizationIds?: readonly string[] | undefined;
  readonly typeCodes?: readonly string[] | undefined;
  readonly placeId?: string | undefined;
  /** First and last month, `YYYY-MM`, both included. */
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
export function monthlyFigures(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
): Promise<readonly ServiceMonth[]> {
  return filter.placeId === undefined
    ? monthsBy<ServiceMonth>(tx, actor, filter, PLAIN)
    : recordedMonths(tx, actor, filter, PLAIN);
}

/** One month of one service; of imported counts nobody knows who cancelled and what was moved: zeros. */
export interface DetailedMonth extends ServiceMonth, DetailedCounts {}

/** As `monthlyFigures`, with who cancelled and how many were moved. */
export function detailedMonths(
  tx: EntityManager,
  actor: Actor,
  filter: Omit<FigureFilter, 'placeId'>,
): Promise<readonly DetailedMonth[]> {
  return monthsBy<DetailedMonth>(tx, actor, filter, DETAILED);
}

async function monthsBy<Month extends ServiceMonth>(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
  reads: MonthReads,
): Promise<readonly Month[]> {
  // On its way before the question, so that it costs no wait: planning would cost more than a tenth of the figures.
  const [, ofAllTypes] = await Promise.all([
    keepPlans(tx),
    tx.query<readonly Month[]>(reads.ofAllTypes, valuesOf(actor, inDays(filter), 'service')),
  ]);
  if (filter.typeCodes === undefined) return ofAllTypes;
  const recorded = await recordedMonths<Month>(tx, actor, filter, reads);
  const without = ofAllTypes.filter(({ source }) => source === 'baseline').map(keyOf);
  if (without.length === 0) return recorded;
  const baseline: Month[] = await tx.query(reads.baselineOfTypes, [
    ...scopeOf(actor, inDays(filter)),
    filter.typeCodes,
  ]);
  const added = baseline.filter((month) => without.includes(keyOf(month)));
  return [...recorded, ...added].sort((x, y) => (keyOf(x) < keyOf(y) ? -1 : 1));
}

function recordedMonths<Month extends ServiceMonth>(
  tx: EntityManager,
  actor: Actor,
  filter: FigureFilter,
  { recorded }: MonthReads,
): Promise<readonly Month[]> {
  return tx.query(recorded[detailOf(filter)], valuesOf(actor, inDays(filter)));
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

const BY_MONTH = [
  SERVICE,
  { name: 'month', sql: `to_char(first_day, 'YYYY-MM')` },
  { name: 'source', sql: `'recorded'::text` },
];

/** Statements of one question over months. */
interface MonthReads {
  readonly recorded: Readonly<Record<Detail, string>>;
  readonly ofAllTypes: string;
  readonly baselineOfTypes: string;
}

const COLUMNS = ['attended', 'missed', 'excused', 'cancelled', 'unknown'];

/** @param details further columns, which imported counts do not have */
const baselineSql = (types: string, details: readonly string[]) => `
SELECT organization_id AS "organizationId", to_char(month, 'YYYY-MM') AS month, 'baseline' AS source,
       ${[...COLUMNS.map((name) => `sum(${name})::integer AS ${name}`), ...details.map((name) => `0 AS "${name}"`)].join(', ')}
  FROM organization o JOIN baseline_count b ON b.organization_id = o.id
 WHERE ${SCOPE} AND month BETWEEN $4::date AND $5::date AND ${types} GROUP BY 1, 2`;

/** What is recorded, and the imported months of services that recorded nothing in them; one statement, no types. */
const everyTypeSql = (recorded: string, details: readonly string[]) => `
WITH recorded AS MATERIALIZED (${recorded})
SELECT * FROM recorded
UNION ALL
${baselineSql(
  `
  NOT EXISTS (SELECT FROM recorded r WHERE r."organizationId" = organization_id AND r.month = to_char(b.month, 'YYYY-MM'))
   -- The row of all types, where there is one, stands for its types too.
   AND (type_code IS NULL OR NOT EXISTS (SELECT FROM baseline_count w WHERE w.organization_id = b.organization_id
                                            AND w.month = b.month AND w.type_code IS NULL))`,
  details,
)}
ORDER BY "organizationId", month`;

function monthReads(counts: string, details: readonly string[]): MonthReads {
  const recorded = readsOf({ groups: BY_MONTH, counts });
  return {
    recorded,
    ofAllTypes: prepared(everyTypeSql(recorded.service, details)),
    baselineOfTypes: prepared(baselineSql('type_code = ANY($6::text[])', details)),
  };
}

const PLAIN = monthReads(COUNTS, []);
const DETAILED = monthReads(DETAILED_COUNTS, DETAIL_NAMES);

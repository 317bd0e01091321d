import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../access/actor.js';
import { prepared } from '../platform/prepared.js';
import { absenceRate, knownOutcomes, type OutcomeCounts } from './domain/absence-rate.js';
import { rollUpSql } from './roll-up.js';

export interface AbsenceFigure {
  /** n of « n / N ». */
  readonly missed: number;
  /** N: outcomes known. */
  readonly known: number;
  readonly rate: number | null;
  /** Past and not marked: what would still change the rate. */
  readonly unknown: number;
}

export interface AbsenceService {
  readonly id: string;
  readonly name: string;
  /** First day with messages; null when they have not begun. */
  readonly rolledOutOn: string | null;
  /** Promised dates before the roll-out; null without one. */
  readonly before: AbsenceFigure | null;
  /** Promised dates from the roll-out on; null without one. */
  readonly since: AbsenceFigure | null;
  readonly total: AbsenceFigure;
}

export interface AbsenceTable {
  readonly services: readonly AbsenceService[];
  /** Oldest first; every month of the period that has a figure somewhere. */
  readonly months: readonly {
    /** `YYYY-MM` */
    readonly month: string;
    /** In the order of `services`; null where nothing can be said. */
    readonly figures: readonly (AbsenceFigure | null)[];
  }[];
}

type Counts = OutcomeCounts & { readonly unknown: number };
type Row = Counts & { readonly organizationId: string; readonly month: string; readonly rolledOut: boolean };
interface Service {
  readonly id: string;
  readonly name: string;
  readonly rolledOutOn: string | null;
}

/**
 * Absence by month and service, for a director: the actor's own service, every service for a central administrator.
 * @param period first and last promised local dates, both included
 */
export async function absenceTable(
  tx: EntityManager,
  actor: Actor,
  period: { readonly from: string; readonly to: string },
): Promise<AbsenceTable> {
  const services: Service[] = await tx.query(
    `SELECT id, name, rolled_out_on AS "rolledOutOn" FROM organization WHERE $1::boolean OR id = $2 ORDER BY name`,
    [actsEverywhere(actor), actor.organizationId],
  );
  const rows: Row[] = await tx.query(BY_MONTH, [services.map(({ id }) => id), period.from, period.to]);
  return { services: services.map((service) => withFigures(service, rows)), months: byMonth(services, rows) };
}

/** A service with a roll-out has two windows: the days before it, and those since. */
const BY_MONTH = prepared(
  rollUpSql({
    windows: `
      SELECT id AS organization_id, tag, first, last
        FROM organization
       CROSS JOIN LATERAL (VALUES ('', $2::date, least($3::date, rolled_out_on - 1)),
                                  ('since', greatest($2::date, rolled_out_on), $3::date)) AS part (tag, first, last)
       WHERE id = ANY($1::uuid[]) AND first <= last AND (rolled_out_on IS NOT NULL OR tag = '')`,
    detail: 'service',
    groups: [
      { name: 'month', sql: `to_char(first_day, 'YYYY-MM')` },
      { name: '"organizationId"', sql: 'organization_id' },
      { name: '"rolledOut"', sql: `tag = 'since'` },
    ],
  }),
);

function withFigures(service: Service, rows: readonly Row[]): AbsenceService {
  const own = rows.filter((row) => row.organizationId === service.id);
  const part = (rolledOut: boolean) =>
    service.rolledOutOn === null ? null : figure(own.filter((row) => row.rolledOut === rolledOut));
  return { ...service, before: part(false), since: part(true), total: figure(own) };
}

function byMonth(services: readonly Service[], rows: readonly Row[]): AbsenceTable['months'] {
  return [...new Set(rows.map(({ month }) => month))].map((month) => ({
    month,
    figures: services.map(({ id }) => {
      const own = rows.filter((row) => row.month === month && row.organizationId === id);
      return own.length === 0 ? null : figure(own);
    }),
  }));
}

function figure(rows: readonly Counts[]): AbsenceFigure {
  const sum = (count: (row: Counts) => number) => rows.reduce((total, row) => total + count(row), 0);
  const counts = {
    attended: sum((r) => r.attended),
    missed: sum((r) => r.missed),
    excused: sum((r) => r.excused),
  };
  return {
    missed: counts.missed,
    known: knownOutcomes(counts),
    rate: absenceRate(counts),
    unknown: sum((r) => r.unknown),
  };
}

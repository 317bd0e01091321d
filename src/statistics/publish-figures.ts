import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { toLocal } from '../shared/time.js';
import { closedQuarters, nextQuarter, type Quarter } from './domain/quarters.js';
import { type CountedCell, hiddenCells } from './domain/suppression.js';

/** Two years. */
const QUARTERS = 8;
/** Closing days are counted in Paris, whatever the zone of the service. */
const ZONE = 'Europe/Paris';
const ROUNDED_TO = 10;

interface Counted extends CountedCell {
  readonly division: 'total' | 'service' | 'month';
  readonly organizationId: string | null;
  readonly month: string | null;
  readonly persons: number;
  readonly unknown: number;
}

/**
 * Fixes the public figures of every closed quarter that has none yet, oldest first. A quarter once published never
 * changes, whatever is marked later. Safe to run twice. Statements: two, and two more per quarter.
 */
@Injectable()
export class PublishFigures {
  constructor(private readonly clock: Clock) {}

  /** @returns how many quarters were published */
  async execute(tx: EntityManager): Promise<number> {
    const { date } = toLocal(await this.clock.now(tx), ZONE);
    const known: { quarter: string }[] = await tx.query('SELECT DISTINCT quarter FROM public_figure');
    const published = new Set(known.map(({ quarter }) => quarter));
    const due = closedQuarters(date, QUARTERS).filter((quarter) => !published.has(quarter));
    let count = 0;
    for (const quarter of due) count += await publish(tx, quarter);
    return count;
  }
}

/** A quarter in which nothing was recorded stays open. */
async function publish(tx: EntityManager, quarter: Quarter): Promise<0 | 1> {
  const cells = await countCells(tx, quarter);
  const total = cells.find(({ division }) => division === 'total');
  if (total === undefined || total.missed + total.kept === 0) return 0;
  const divisions = (['service', 'month'] as const).map((name) =>
    cells.filter(({ division }) => division === name),
  );
  const hidden = hiddenCells(total, divisions);
  const rows = cells.map(({ organizationId, month, ...cell }) => ({
    ...{ organizationId, month },
    ...(hidden.has(cell.key) ? NOTHING : rounded(cell)),
  }));
  await write(tx, quarter, rows);
  return 1;
}

type Row = Pick<Counted, 'organizationId' | 'month'> & Figures;
type Figures = Record<'persons' | 'known' | 'absencePercent' | 'unknownPercent', number | null>;

const NOTHING: Figures = { persons: null, known: null, absencePercent: null, unknownPercent: null };

function rounded({ missed, kept, persons, unknown }: Omit<Counted, 'organizationId' | 'month'>): Figures {
  const known = missed + kept;
  const tens = (count: number) => Math.round(count / ROUNDED_TO) * ROUNDED_TO;
  return {
    persons: tens(persons),
    known: tens(known),
    absencePercent: Math.round((100 * missed) / known),
    unknownPercent: Math.round((100 * unknown) / (known + unknown)),
  };
}

/** Past convocations by service, by month, and altogether; persons are counted once in each cell. */
async function countCells(tx: EntityManager, quarter: Quarter): Promise<readonly Counted[]> {
  const rows: Omit<Counted, 'key' | 'division'>[] = await tx.query(
    `SELECT c.organization_id AS "organizationId", date_trunc('month', c.local_date)::date AS month,
            (count(*) FILTER (WHERE c.state = 'missed'))::integer AS missed,
            (count(*) FILTER (WHERE c.state IN ('attended', 'excused')))::integer AS kept,
            (count(*) FILTER (WHERE c.state = 'booked'))::integer AS unknown,
            (count(DISTINCT c.person_id) FILTER (WHERE c.state <> 'booked'))::integer AS persons,
            (count(DISTINCT c.person_id) FILTER (WHERE c.state = 'missed'))::integer AS "personsMissed",
            (count(DISTINCT c.person_id) FILTER (WHERE c.state IN ('attended', 'excused')))::integer AS "personsKept"
       FROM convocation c
      WHERE c.local_date >= $1 AND c.local_date < $2 AND c.state <> 'cancelled' AND c.starts_at <= app_now()
      GROUP BY GROUPING SETS ((), (c.organization_id), (date_trunc('month', c.local_date)))`,
    [quarter, nextQuarter(quarter)],
  );
  return rows.map((row) => ({
    ...row,
    division: row.organizationId !== null ? 'service' : row.month !== null ? 'month' : 'total',
    key: row.organizationId ?? row.month ?? 'total',
  }));
}

async function write(tx: EntityManager, quarter: Quarter, rows: readonly Row[]): Promise<void> {
  const column = (of: (row: Row) => string | number | null) => rows.map(of);
  await tx.query(
    `INSERT INTO public_figure (quarter, organization_id, month, persons, known, absence_percent, unknown_percent)
     SELECT $1, * FROM unnest($2::uuid[], $3::date[], $4::integer[], $5::integer[], $6::integer[], $7::integer[])
     ON CONFLICT DO NOTHING`,
    [
      quarter,
      column((row) => row.organizationId),
      column((row) => row.month),
      column((row) => row.persons),
      column((row) => row.known),
      column((row) => row.absencePercent),
      column((row) => row.unknownPercent),
    ],
  );
}

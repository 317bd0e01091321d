import type { EntityManager } from 'typeorm';
import type { Quarter } from './domain/quarters.js';

/** Rounded figures of one cell; null when they are hidden. */
export type PublicFigure = {
  /** Distinct persons and convocations with a known outcome, to the nearest ten. */
  readonly persons: number;
  readonly known: number;
  /** Whole per cent: missed of known, and not marked of past. */
  readonly absencePercent: number;
  readonly unknownPercent: number;
} | null;

export interface PublicFigures {
  /** Newest first. */
  readonly quarters: readonly {
    readonly quarter: Quarter;
    readonly figure: PublicFigure;
    readonly computedAt: Date;
  }[];
  /** Oldest first; `YYYY-MM`. */
  readonly months: readonly { readonly month: string; readonly figure: PublicFigure }[];
  /** Whose services these are: the quarter asked for, or the newest; null when nothing is published. */
  readonly quarter: Quarter | null;
  /** By name. */
  readonly services: readonly { readonly name: string; readonly figure: PublicFigure }[];
}

interface Row {
  readonly quarter: Quarter;
  readonly month: string | null;
  readonly name: string | null;
  readonly figure: PublicFigure;
  readonly computedAt: Date;
}

const { compare } = new Intl.Collator('fr');

/** What is published, in one query whose rows do not grow with the convocations. */
export async function publicFigures(tx: EntityManager, asked: Quarter | undefined): Promise<PublicFigures> {
  const rows: Row[] = await tx.query(
    `SELECT f.quarter, to_char(f.month, 'YYYY-MM') AS month, o.name, f.computed_at AS "computedAt",
            CASE WHEN f.known IS NOT NULL THEN json_build_object('persons', f.persons, 'known', f.known,
              'absencePercent', f.absence_percent, 'unknownPercent', f.unknown_percent) END AS figure
       FROM public_figure f LEFT JOIN organization o ON o.id = f.organization_id
      WHERE f.organization_id IS NULL OR f.quarter = coalesce(
        (SELECT max(quarter) FROM public_figure WHERE quarter = $1::date), (SELECT max(quarter) FROM public_figure))
      ORDER BY f.quarter DESC, f.month`,
    [asked ?? null],
  );
  const ofServices = rows.flatMap(({ name, figure }) => (name === null ? [] : [{ name, figure }]));
  const quarters = rows.filter(({ name, month }) => name === null && month === null);
  return {
    quarters,
    months: rows
      .flatMap(({ month, figure }) => (month === null ? [] : [{ month, figure }]))
      .toSorted((a, b) => (a.month < b.month ? -1 : 1)),
    quarter: rows.find(({ name }) => name !== null)?.quarter ?? quarters[0]?.quarter ?? null,
    services: ofServices.toSorted((a, b) => compare(a.name, b.name)),
  };
}

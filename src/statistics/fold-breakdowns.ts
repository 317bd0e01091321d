import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MEASURE_CLUSTERING, SERVICES_TO_MEASURE } from './clustering.sql.js';
import { FOLD_CELLS, STALE_MONTHS } from './fold-breakdowns.sql.js';

export interface FoldOptions {
  /** Forgets every cell first. */
  readonly fromScratch?: boolean;
}

/** A month of one service whose cells no longer say what its convocations do. */
interface Stale {
  readonly organizationId: string;
  /** First day of the month. */
  readonly month: string;
}

const CELLS = ['breakdown_cell', 'breakdown_total', 'text_cost_cell'];

/** Services told in one statement: each stays far under the time a statement may take. */
const SERVICES_AT_ONCE = 20;

/**
 * Counts the monthly cells again wherever an outcome changed since, and for the last three months, whose messages are
 * still being proved; newest first. Safe to run twice, and at any time: readers see the old cells or the new ones.
 */
@Injectable()
export class FoldBreakdowns {
  /** @returns how many months of services were counted */
  async execute(tx: EntityManager, { fromScratch = false }: FoldOptions = {}): Promise<number> {
    if (fromScratch) for (const table of CELLS) await tx.query(`DELETE FROM ${table}`);
    const stale: Stale[] = await tx.query(STALE_MONTHS);
    for (const [month, services] of byMonth(stale))
      for (const some of chunks(services)) await fold(tx, month, some);
    await this.measureClustering(tx, fromScratch);
    await tx.query(
      `INSERT INTO breakdown_fold (folded_at) VALUES (app_now())
       ON CONFLICT (only_row) DO UPDATE SET folded_at = excluded.folded_at`,
    );
    return stale.length;
  }

  private async measureClustering(tx: EntityManager, all: boolean): Promise<void> {
    const services: { id: string }[] = await tx.query(SERVICES_TO_MEASURE, [all]);
    for (const some of chunks(services.map(({ id }) => id))) await tx.query(MEASURE_CLUSTERING, [some]);
  }
}

async function fold(tx: EntityManager, month: string, services: readonly string[]): Promise<void> {
  for (const table of CELLS)
    await tx.query(`DELETE FROM ${table} WHERE organization_id = ANY($1) AND month = $2`, [services, month]);
  await tx.query(FOLD_CELLS, [services, month]);
}

function byMonth(stale: readonly Stale[]): ReadonlyMap<string, readonly string[]> {
  const months = new Map<string, string[]>();
  for (const { organizationId, month } of stale)
    months.set(month, [...(months.get(month) ?? []), organizationId]);
  return months;
}

function chunks(services: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(services.length / SERVICES_AT_ONCE);
  return Array.from({ length: count }, (_, i) =>
    services.slice(i * SERVICES_AT_ONCE, (i + 1) * SERVICES_AT_ONCE),
  );
}

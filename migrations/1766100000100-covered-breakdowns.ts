import type { MigrationInterface, QueryRunner } from 'typeorm';

const CELL = 'organization_id, dimension, month, type_code, value';
const TOTAL = 'organization_id, month, dimension, value';
const COUNTS = 'attended, missed, excused, cancelled, unknown';

/**
 * The keys of the nightly cells carry their counts: the rows of one service, which nights write all over the table,
 * lie together there, and its page reads some tens of pages of one index instead of a page for every few rows.
 *
 * Locking: shuts readers of the absence pages out while each index is built, seconds for millions of cells. Undo: keys
 * without counts.
 */
export class CoveredBreakdowns1766100000100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(rekeyed('breakdown_cell', CELL, `INCLUDE (${COUNTS})`));
    await q.query(rekeyed('breakdown_total', TOTAL, `INCLUDE (${COUNTS})`));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(rekeyed('breakdown_cell', CELL));
    await q.query(rekeyed('breakdown_total', TOTAL));
  }
}

const rekeyed = (table: string, key: string, included = '') => `
ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey, ADD CONSTRAINT ${table}_pkey PRIMARY KEY (${key}) ${included}`;

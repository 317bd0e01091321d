import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Planned messages whose hour comes only when they are useful no longer, found without reading what is planned: the
 * index is all but empty, the sweep settles what enters it.
 *
 * Locking: shuts writers of messages out while the index is built, seconds for millions of messages. Undo: without it.
 */
export class HopelessMessages1766100000200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `CREATE INDEX message_hopeless ON message (useful_until) WHERE state = 'planned' AND useful_until <= due_at`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX message_hopeless');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An address at which e-mails do not arrive is flagged as a number is, and an agent is asked to correct it.
 *
 * Locking: two columns without default and one CHECK of a small table: an instant each. Undo: without them; the tasks
 * about addresses go, those about convocations stay.
 */
export class ReturnedMail1766100000300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE person ADD COLUMN email_flagged_at timestamptz(3), ADD COLUMN email_flag_reason text;
      COMMENT ON COLUMN person.email_flagged_at IS 'e-mails to this address do not arrive: none leaves until it is corrected';
      ALTER TABLE agent_task DROP CONSTRAINT agent_task_kind_check;
      ALTER TABLE agent_task ADD CONSTRAINT agent_task_kind_check CHECK (kind IN
        ('reach-otherwise', 'correct-number', 'correct-address', 'wrong-person', 'call-back', 'reply'));
    `);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      DELETE FROM agent_task WHERE kind = 'correct-address';
      ALTER TABLE agent_task DROP CONSTRAINT agent_task_kind_check;
      ALTER TABLE agent_task ADD CONSTRAINT agent_task_kind_check CHECK (kind IN
        ('reach-otherwise', 'correct-number', 'wrong-person', 'call-back', 'reply'));
      ALTER TABLE person DROP COLUMN email_flagged_at, DROP COLUMN email_flag_reason;
    `);
  }
}

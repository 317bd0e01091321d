import { DataSource, type EntityManager } from 'typeorm';
import {
  auditDatabase,
  type AuditSettings,
  type Breach,
  INVARIANTS,
} from '../../src/notifications/surety/auditor.js';
import { databaseOptions } from '../../src/platform/database.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { planDueNow } from './due-messages.js';

/** One message that arrived, one that did not and was followed up, one to come. */
const HEALTHY = `
  UPDATE convocation SET created_at = app_now() - interval '10 days', updated_at = app_now() - interval '10 days';
  UPDATE person SET created_at = app_now() - interval '10 days', updated_at = app_now() - interval '10 days';
  WITH ranked AS (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message)
  UPDATE message m SET state = CASE rank WHEN 1 THEN 'delivered' WHEN 2 THEN 'undelivered' ELSE 'planned' END,
         attempts = CASE WHEN rank <= 2 THEN 1 ELSE 0 END, due_at = app_now() - interval '10 minutes',
         first_due_at = app_now() - interval '10 minutes', updated_at = app_now() - interval '9 minutes',
         accepted_at = CASE WHEN rank <= 2 THEN app_now() - interval '10 minutes' + interval '2 seconds' END,
         settled_at = CASE WHEN rank <= 2 THEN app_now() - interval '9 minutes' END,
         followed_up_at = CASE WHEN rank = 2 THEN app_now() - interval '9 minutes' END
    FROM ranked WHERE ranked.id = m.id;
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
      segments, result, operator_message_id, started_at, real_started_at, answered_at)
  SELECT m.id, m.id, 1, 'sms', 'twilio', 'X', p.phone_id, sha256(m.id::text::bytea), ''::bytea, 1, m.state,
         'SM' || md5(m.id::text), m.first_due_at, m.first_due_at, m.accepted_at
    FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id
   WHERE m.state <> 'planned';
  INSERT INTO receipt (attempt_id, operator_message_id, status)
  SELECT id, operator_message_id, result FROM delivery_attempt;
  INSERT INTO bullmq.job (queue, id, seq, name, state, data, added_at_ms, failed_reason)
  SELECT 'messages', 'send-' || id || '-1', 1, 'send', 'failed',
         jsonb_build_object('messages', jsonb_build_array(jsonb_build_object('messageId', id, 'epoch', 12))), 1763700000000,
         'Error: connect ECONNREFUSED 127.0.0.1:5432 at Client.connect'
    FROM message LIMIT 1;
  INSERT INTO task_run (task, last_run_at) VALUES ('relay', app_now());`;

class Undone extends Error {}

/** What the auditor says of a healthy database once something in it is broken. */
export class AuditedDatabase {
  constructor(
    private readonly test: TestDatabase,
    private readonly owner: DataSource,
  ) {}

  static async create(): Promise<AuditedDatabase> {
    const test = await createTestDatabase();
    await planDueNow(test.dataSource, 4);
    const owner = await new DataSource(databaseOptions(test.ownerUrl, 2, 'msj-test-owner')).initialize();
    await owner.query(HEALTHY);
    return new AuditedDatabase(test, owner);
  }

  /** As the application role. */
  get manager(): EntityManager {
    return this.test.dataSource.manager;
  }

  /** What is said with this change; nothing of it is kept. */
  async auditWith(sql: string, settings: AuditSettings = {}): Promise<readonly Breach[]> {
    let breaches: readonly Breach[] = [];
    const work = async (tx: EntityManager) => {
      await tx.query(sql);
      breaches = await auditDatabase(tx, settings);
      throw new Undone();
    };
    await this.owner.transaction(work).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
    return breaches;
  }

  /** The same, of one invariant. */
  async breachesOf(name: string, sql: string, settings: AuditSettings = {}): Promise<readonly Breach[]> {
    const wanted = INVARIANTS.find((one) => one.name === name);
    return (await this.auditWith(sql, settings)).filter(({ sentence }) => sentence === wanted?.sentence);
  }

  async drop(): Promise<void> {
    await this.owner.destroy();
    await this.test.drop();
  }
}

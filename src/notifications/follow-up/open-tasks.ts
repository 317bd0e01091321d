import type { EntityManager } from 'typeorm';

export const TASK_KINDS = [
  'reach-otherwise',
  'correct-number',
  'correct-address',
  'wrong-person',
  'call-back',
  'reply',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** What is asked of a human; never a text or a number, only codes and ids. */
export interface NewTask {
  readonly kind: TaskKind;
  /** A code that screens say in words. */
  readonly reason: string;
  readonly personId: string;
  /** Null: about the person, whatever the convocation. */
  readonly convocationId: string | null;
  readonly messageId: string | null;
  /** Absent: the hour of the convocation; after an absence, as long as its message would have been useful. */
  readonly actBefore?: Date;
}

/**
 * Opens tasks for the referent of each person, in the service of the convocation, else in one that follows the
 * person, with an entry in the history. One open task per kind, person and convocation: asking twice changes
 * nothing. No hour presses once that of the convocation is past.
 */
export async function openTasks(tx: EntityManager, tasks: readonly NewTask[]): Promise<void> {
  if (tasks.length === 0) return;
  await tx.query(
    `WITH opened AS (
       INSERT INTO agent_task (kind, reason, person_id, convocation_id, promise_version, message_id, organization_id,
           assigned_to_agent_id, act_before)
       SELECT t.kind, t.reason, p.id, c.id, c.promise_version, t.message_id,
              coalesce(c.organization_id, followed.organization_id, p.created_by_organization_id), p.referent_id,
              coalesce(t.act_before, CASE WHEN m.kind = 'after-absence' THEN m.useful_until
                                          WHEN c.starts_at > app_now() THEN c.starts_at END)
         FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[])
           AS t(kind, reason, person_id, convocation_id, message_id, act_before)
         JOIN person p ON p.id = t.person_id
         LEFT JOIN convocation c ON c.id = t.convocation_id
         LEFT JOIN message m ON m.id = t.message_id
         LEFT JOIN LATERAL (SELECT organization_id FROM person_organization WHERE person_id = p.id
                             ORDER BY since DESC, organization_id LIMIT 1) AS followed ON true
        WHERE coalesce(c.organization_id, followed.organization_id, p.created_by_organization_id) IS NOT NULL
       ON CONFLICT DO NOTHING
       RETURNING kind, reason, person_id, convocation_id
     )
     INSERT INTO history_entry (event, person_id, convocation_id, detail)
     SELECT 'task.opened', person_id, convocation_id, jsonb_build_object('kind', kind, 'reason', reason) FROM opened`,
    [
      tasks.map((task) => task.kind),
      tasks.map((task) => task.reason),
      tasks.map((task) => task.personId),
      tasks.map((task) => task.convocationId),
      tasks.map((task) => task.messageId),
      tasks.map((task) => task.actBefore ?? null),
    ],
  );
}

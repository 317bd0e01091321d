import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Conflict, NotFound } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import type { TaskKind } from './open-tasks.js';
import { MY_TASKS, taskScope } from './task.queries.js';

/** A task whose row is ours until the end of the transaction. */
export interface LockedTask {
  readonly id: string;
  readonly kind: TaskKind;
  readonly personId: string;
  readonly convocationId: string | null;
  readonly messageId: string | null;
}

/** @throws NotFound when missing or of another service; Conflict when somebody closed it meanwhile */
export async function lockTask(tx: EntityManager, actor: Actor, taskId: string): Promise<LockedTask> {
  if (!isUuid(taskId)) throw new NotFound('task');
  const rows: (LockedTask & { closed: boolean })[] = await tx.query(
    `SELECT t.id, t.kind, t.person_id AS "personId", t.convocation_id AS "convocationId", t.message_id AS "messageId",
            t.closed_at IS NOT NULL AS closed
       FROM agent_task t WHERE t.id = $4 AND ${MY_TASKS} FOR NO KEY UPDATE OF t`,
    [...taskScope(actor), taskId],
  );
  const task = rows[0];
  if (task === undefined) throw new NotFound('task');
  if (task.closed) throw new Conflict('task');
  return task;
}

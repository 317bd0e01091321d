import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { recordHistory } from '../../persons/history.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { followHeldBack } from './follow-up-facts.query.js';
import { type LockedTask, lockTask } from './locked-task.js';
import type { TaskKind } from './open-tasks.js';

/** What an agent says came of a task; `no-longer-needed` is the service's own word. */
export const TASK_OUTCOMES = ['reached', 'could-not-reach', 'corrected', 'done'] as const;
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];

export interface CloseTaskCommand {
  readonly taskId: string;
  readonly outcome: string;
  /** Kept in the history with the outcome; empty: none. */
  readonly note: string;
}

const LONGEST_NOTE = 300;

/** An agent closes a task with what came of it. */
@Injectable()
export class CloseTask {
  /** @throws NotFound, Conflict (closed meanwhile), ValidationFailed */
  async execute(tx: EntityManager, command: CloseTaskCommand, actor: Actor): Promise<LockedTask> {
    const outcome = TASK_OUTCOMES.find((known) => known === command.outcome);
    if (outcome === undefined)
      throw new ValidationFailed([{ field: 'outcome', code: 'isIn', message: TASK_OUTCOMES.join(', ') }]);
    if (command.note.length > LONGEST_NOTE)
      throw new ValidationFailed([{ field: 'note', code: 'length', message: `at most ${LONGEST_NOTE}` }]);
    const task = await lockTask(tx, actor, command.taskId);
    await tx.query(
      `UPDATE agent_task SET closed_at = app_now(), closed_by_agent_id = $2, outcome = $3 WHERE id = $1`,
      [task.id, actor.agentId, outcome],
    );
    if (outcome === 'corrected') await trust(tx, task);
    if (task.kind === 'wrong-person' && task.convocationId !== null)
      await followHeldBack(tx, task.convocationId);
    await recordHistory(tx, actor, {
      event: 'task.closed',
      personId: task.personId,
      convocationId: task.convocationId ?? undefined,
      detail: { kind: task.kind, outcome, ...(command.note === '' ? {} : { note: command.note }) },
    });
    return task;
  }
}

const TRUSTED: Partial<Record<TaskKind, string>> = {
  'correct-number': 'phone_failures = 0, phone_flagged_at = NULL, phone_flag_reason = NULL',
  'correct-address': 'email_flagged_at = NULL, email_flag_reason = NULL',
};

/** Checked with the person: messages leave to it again, and failures of a number count from nothing. */
async function trust(tx: EntityManager, { kind, personId }: LockedTask): Promise<void> {
  const trusted = TRUSTED[kind];
  if (trusted !== undefined) await tx.query(`UPDATE person SET ${trusted} WHERE id = $1`, [personId]);
}

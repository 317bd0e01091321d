import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { ScheduledTasks } from '../../platform/scheduled-tasks.js';
import { type Instant, toLocal } from '../../shared/time.js';
import { TRIAL_ZONE } from './draft-trial.js';
import { recordTrialEvent } from './trial.queries.js';

/** Ends the trials whose last day is over. */
@Injectable()
export class EndTrials implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly tasks: ScheduledTasks,
  ) {}

  onModuleInit(): void {
    this.tasks.register('end-trials', (tx) => this.execute(tx));
  }

  async execute(tx: EntityManager): Promise<undefined> {
    await endTrialsOver(tx, await this.clock.now(tx));
    return undefined;
  }
}

/** For whoever cannot wait for the task. */
export async function endTrialsOver(tx: EntityManager, now: Instant): Promise<void> {
  const [rows]: [{ id: string }[], number] = await tx.query(
    `UPDATE trial SET state = 'ended', finished_at = app_now() WHERE state = 'running' AND ends_on < $1 RETURNING id`,
    [toLocal(now, TRIAL_ZONE).date],
  );
  for (const { id } of rows) {
    await tx.query('UPDATE trial_population SET is_running = false WHERE trial_id = $1', [id]);
    await recordTrialEvent(tx, id, 'trial.ended', null);
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { ScheduledTasks } from '../../platform/scheduled-tasks.js';
import { toLocal } from '../../shared/time.js';
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
    const today = toLocal(await this.clock.now(tx), TRIAL_ZONE).date;
    const [rows]: [{ id: string }[], number] = await tx.query(
      `UPDATE trial SET state = 'ended', finished_at = app_now() WHERE state = 'running' AND ends_on < $1 RETURNING id`,
      [today],
    );
    for (const { id } of rows) {
      await tx.query('UPDATE trial_population SET is_running = false WHERE trial_id = $1', [id]);
      await recordTrialEvent(tx, id, 'trial.ended', null);
    }
    return undefined;
  }
}

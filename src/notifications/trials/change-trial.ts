import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import { Clock } from '../../platform/clock.js';
import { Conflict, Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { type Instant, toLocal } from '../../shared/time.js';
import { faultsOfTrial, type TrialState } from '../domain/trial.js';
import { ReplanMessages } from '../plans/replan-messages.js';
import { TRIAL_ZONE } from './draft-trial.js';
import { endTrialsOver } from './end-trials.js';
import { assignServices } from './enter-trial.js';
import { findTrial, recordTrialEvent, type TrialView } from './trial.queries.js';

export const LONGEST_REASON = 600;

export type TrialStep =
  | { readonly do: 'register' }
  | { readonly do: 'start' }
  | { readonly do: 'discard' }
  | { readonly do: 'stop'; readonly reason: string };

export type TrialStepDone = TrialStep['do'] | 'end';

const FROM: Readonly<Record<TrialStep['do'], readonly TrialState[]>> = {
  register: ['draft'],
  discard: ['draft'],
  start: ['registered'],
  stop: ['registered', 'running'],
};

/** The life of a trial: written down, registered (and frozen), running, then ended by its date or stopped for a reason. */
@Injectable()
export class ChangeTrial {
  constructor(
    private readonly clock: Clock,
    private readonly replan: ReplanMessages,
  ) {}

  /**
   * @returns what was done: a trial whose last day is over is ended by its date, and not stopped
   * @throws Forbidden, NotFound, Conflict (in another state), ValidationFailed
   */
  async execute(tx: EntityManager, id: string, step: TrialStep, actor: Actor): Promise<TrialStepDone> {
    if (!isAllowed(actor.role, 'trial.manage')) throw new Forbidden('trial.manage');
    await lock(tx, id, FROM[step.do]);
    const trial = await findTrial(tx, actor, id);
    if (step.do === 'register') await this.register(tx, trial, actor);
    if (step.do === 'discard') await discard(tx, id);
    if (step.do === 'start') await this.start(tx, trial, actor);
    if (step.do === 'stop') return this.stopOrEnd(tx, trial, step.reason.trim(), actor);
    return step.do;
  }

  private async register(tx: EntityManager, trial: TrialView, actor: Actor): Promise<void> {
    await this.refuseLate(tx, trial);
    await tx.query(`UPDATE trial SET state = 'registered', registered_at = app_now() WHERE id = $1`, [
      trial.id,
    ]);
    await recordTrialEvent(tx, trial.id, 'trial.registered', actor);
  }

  private async start(tx: EntityManager, trial: TrialView, actor: Actor): Promise<void> {
    await this.refuseLate(tx, trial);
    await refuseOverlap(tx, trial.id, await this.clock.now(tx));
    await tx.query(`UPDATE trial SET state = 'running', started_at = app_now() WHERE id = $1`, [trial.id]);
    await tx.query('UPDATE trial_population SET is_running = true WHERE trial_id = $1', [trial.id]);
    if (trial.unit === 'service')
      await assignServices(tx, trial.id, { ...trial, shares: trial.arms.map(({ share }) => share) });
    await recordTrialEvent(tx, trial.id, 'trial.started', actor);
  }

  private async stopOrEnd(
    tx: EntityManager,
    trial: TrialView,
    reason: string,
    actor: Actor,
  ): Promise<TrialStepDone> {
    const now = await this.clock.now(tx);
    if (trial.state === 'running' && trial.endsOn < toLocal(now, TRIAL_ZONE).date) {
      await endTrialsOver(tx, now);
      return 'end';
    }
    await this.stop(tx, trial, reason, actor);
    return 'stop';
  }

  /** What is not yet sent goes back to the usual plan and the usual words; who was drawn still counts. */
  private async stop(tx: EntityManager, trial: TrialView, reason: string, actor: Actor): Promise<void> {
    if (reason === '' || reason.length > LONGEST_REASON)
      throw new ValidationFailed([{ field: 'reason', code: 'length', message: 'a reason is needed' }]);
    await tx.query(
      `UPDATE trial SET state = 'stopped', stop_reason = $2, finished_at = app_now() WHERE id = $1`,
      [trial.id, reason],
    );
    await tx.query('UPDATE trial_population SET is_running = false WHERE trial_id = $1', [trial.id]);
    await recordTrialEvent(tx, trial.id, 'trial.stopped', actor, { reason });
    if (trial.differsBy !== 'timing') return;
    for (const organizationId of trial.organizationIds)
      for (const typeCode of trial.typeCodes)
        await this.replan.execute(tx, { organizationId, typeCode, territory: null, isDryRun: false });
  }

  /** Dates are as they were when the draft was written; the day may have come meanwhile. */
  private async refuseLate(tx: EntityManager, trial: TrialView): Promise<void> {
    const today = toLocal(await this.clock.now(tx), TRIAL_ZONE).date;
    const faults = faultsOfTrial(trial, today).filter(({ field }) => field === 'endsOn' || field === 'looks');
    if (faults.length > 0) throw new ValidationFailed(faults);
  }
}

async function lock(tx: EntityManager, id: string, from: readonly TrialState[]): Promise<void> {
  const rows: { state: TrialState }[] = isUuid(id)
    ? await tx.query('SELECT state FROM trial WHERE id = $1 FOR UPDATE', [id])
    : [];
  const [row] = rows;
  if (row === undefined) throw new NotFound('trial');
  if (!from.includes(row.state)) throw new Conflict('trial');
}

async function discard(tx: EntityManager, id: string): Promise<void> {
  await tx.query('DELETE FROM trial WHERE id = $1', [id]);
}

/** At most one running trial for a type of a service; two that start at the same time start one after the other. */
async function refuseOverlap(tx: EntityManager, id: string, now: Instant): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('trial'), hashtext('start'))`);
  await endTrialsOver(tx, now);
  const rows: { name: string }[] = await tx.query(
    `SELECT DISTINCT t.name FROM trial_population mine
       JOIN trial_population other ON other.organization_id = mine.organization_id AND other.type_code = mine.type_code
                                  AND other.is_running
       JOIN trial t ON t.id = other.trial_id
      WHERE mine.trial_id = $1`,
    [id],
  );
  const [other] = rows;
  if (other !== undefined)
    throw new ValidationFailed([{ field: 'population', code: 'overlap', message: other.name }]);
}

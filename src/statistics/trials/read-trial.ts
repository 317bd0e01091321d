import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { TRIAL_ZONE } from '../../notifications/trials/draft-trial.js';
import { findTrial, type TrialView } from '../../notifications/trials/trial.queries.js';
import { type Instant, instantOf, toLocal } from '../../shared/time.js';
import { type RatioCheck, sampleRatioAlarm } from '../domain/effects/trials.js';
import {
  readOutcomes,
  type TrialCalendar,
  type TrialReading,
  type Visibility,
  visibilityOf,
} from '../domain/trial-reading.js';
import { type ArmProgress, trialProgress } from './trial-progress.query.js';
import { trialOutcomes } from './trial-results.query.js';

export interface TrialReport {
  readonly trial: TrialView;
  readonly progress: readonly ArmProgress[];
  readonly ratio: RatioCheck;
  readonly visibility: Visibility;
  /** Null: hidden, or the arms are not filled as planned. */
  readonly reading: TrialReading | null;
}

/**
 * A trial with what may be known of it today. Before its results may be seen, who came is not even counted.
 * @throws NotFound, also for a trial of other services
 */
export async function readTrial(
  tx: EntityManager,
  actor: Actor,
  id: string,
  now: Instant,
): Promise<TrialReport> {
  const trial = await findTrial(tx, actor, id);
  const progress = await trialProgress(tx, trial.id);
  const ratio = sampleRatioAlarm(
    progress.map(({ units }) => units),
    trial.arms.map(({ share }) => share),
  );
  const calendar = calendarOf(trial);
  const visibility = visibilityOf(calendar, toLocal(now, TRIAL_ZONE).date);
  const isReadable = visibility.kind !== 'hidden' && !ratio.alarm;
  const reading = isReadable
    ? readOutcomes(await trialOutcomes(tx, trial, visibility.until), calendar, visibility)
    : null;
  return { trial, progress, ratio, visibility, reading };
}

function calendarOf({ state, startedAt, endsOn, looks }: TrialView): TrialCalendar {
  const startedOn = startedAt === null ? null : toLocal(instantOf(startedAt), TRIAL_ZONE).date;
  return { state, startedOn, endsOn, looks };
}

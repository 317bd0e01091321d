import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  MessagePlanner,
  type PlannedChange,
  type PromiseChange,
} from '../../convocations/message-planner.port.js';
import { elevated } from '../../platform/elevated.js';
import type { MessageKind } from '../domain/notification.states.js';
import { askBeforeOldHour } from '../follow-up/ask-before-old-hour.js';
import { followUpAnew } from '../follow-up/follow-up-facts.query.js';
import { planPromise, tellOutcome } from '../domain/plan-promise.js';
import { type PromiseToPlan, readPromises } from './promise-to-plan.query.js';
import { replanOtherPromises } from './replan-other-promises.js';
import { SendingRules } from '../sending/sending-rules.js';
import { enterTrial } from '../trials/enter-trial.js';
import { type Planned, withdrawUnsent, writePlan } from './write-plan.js';

interface Effect {
  /** Kinds withdrawn when not yet sent; the others stay. */
  readonly withdraws: readonly MessageKind[];
  /** Told at once when the agent wishes it. */
  readonly tells?: Exclude<MessageKind, 'reminder'>;
  /** Plans what announces the promise: its announcement and its reminders. */
  readonly promises?: boolean;
}

const BEFORE_THE_HOUR: readonly MessageKind[] = ['summons', 'reminder', 'rescheduling'];

/** What each change of a convocation does to its messages. */
const EFFECTS: Readonly<Record<PromiseChange, Effect>> = {
  booked: { withdraws: [], tells: 'summons', promises: true },
  rescheduled: { withdraws: BEFORE_THE_HOUR, tells: 'rescheduling', promises: true },
  cancelled: { withdraws: BEFORE_THE_HOUR, tells: 'cancellation' },
  excused: { withdraws: BEFORE_THE_HOUR },
  attended: { withdraws: BEFORE_THE_HOUR },
  missed: { withdraws: BEFORE_THE_HOUR, tells: 'after-absence' },
  reopened: { withdraws: ['after-absence'], promises: true },
};

/** After these a person has one absence more, or perhaps one less. */
const CHANGES_ABSENCES: readonly PromiseChange[] = ['missed', 'reopened'];

/** Plans and withdraws messages in the transaction of the convocation; its rows are the outbox. */
@Injectable()
export class PlanMessages extends MessagePlanner {
  constructor(private readonly rules: SendingRules) {
    super();
  }

  /** What a person is told hangs on all their convocations, whichever service keeps them. */
  plan(tx: EntityManager, request: PlannedChange): Promise<void> {
    return elevated(tx, () => this.planAll(tx, request));
  }

  private async planAll(tx: EntityManager, request: PlannedChange): Promise<void> {
    const { convocationId, change } = request;
    await this.planOwn(tx, request);
    if (CHANGES_ABSENCES.includes(change))
      await replanOtherPromises(tx, this.rules, { convocationId, change });
  }

  private async planOwn(tx: EntityManager, request: PlannedChange): Promise<void> {
    const { convocationId, change, notify, isBulk = false } = request;
    const effect = EFFECTS[change];
    if (change === 'reopened') await followUpAnew(tx, convocationId);
    if (effect.withdraws.length > 0) await withdrawUnsent(tx, convocationId, effect.withdraws);
    const tells = notify ? effect.tells : undefined;
    if (tells === undefined && effect.promises !== true) return;
    const promise = await promiseToPlan(tx, convocationId, change);
    const planned = this.planned(promise, change, tells);
    const { promiseVersion } = promise;
    await writePlan(
      tx,
      planned.map((message) => ({ ...message, convocationId, promiseVersion, isBulk })),
    );
    const said = [tells, ...planned.map(({ kind }) => kind)];
    if (said.some((kind) => kind === 'rescheduling' || kind === 'cancellation'))
      await askBeforeOldHour(tx, [convocationId]);
  }

  private planned(promise: PromiseToPlan, change: PromiseChange, tells: Effect['tells']): readonly Planned[] {
    const rules = this.rules.of(promise.hours);
    if (tells === 'cancellation' || tells === 'after-absence') {
      const told = tellOutcome(tells, promise, rules);
      return told === null ? [] : [{ kind: tells, occurrence: 0, ...told }];
    }
    return planPromise(promise, announcementOf(promise, change, tells), rules).map((message) => ({
      ...message,
      occurrence: message.offsetDays,
    }));
  }
}

/**
 * What the agent wishes; of a promise reopened, what had been withdrawn unsent. One moved in silence is announced as the
 * first when what was to announce the earlier ones never left: nobody knows of it.
 */
function announcementOf(
  promise: PromiseToPlan,
  change: PromiseChange,
  tells: 'summons' | 'rescheduling' | undefined,
): 'summons' | 'rescheduling' | null {
  if (change === 'reopened') return promise.withdrawnAnnouncement;
  return tells ?? (change === 'rescheduled' && promise.isUnheard ? 'summons' : null);
}

/** Whoever is booked where a trial runs has an arm before anything is planned. */
async function promiseToPlan(
  tx: EntityManager,
  convocationId: string,
  change: PromiseChange,
): Promise<PromiseToPlan> {
  const [promise] = await readPromises(tx, [convocationId]);
  if (promise === undefined) throw new Error('a convocation plans its messages after it is written');
  if (change !== 'booked' || promise.trialToEnter === null) return promise;
  await enterTrial(tx, { trialId: promise.trialToEnter, convocationId, isFirst: promise.facts.isFirst });
  const [inArm] = await readPromises(tx, [convocationId]);
  return inArm ?? promise;
}

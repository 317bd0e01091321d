import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { recordHistory } from '../persons/history.js';
import { Clock } from '../platform/clock.js';
import { violatedConstraint } from '../platform/transaction.js';
import type { Instant } from '../shared/time.js';
import { type ConvocationView, findConvocation } from './convocation.queries.js';
import { AlreadyBooked, seatChange } from './domain/convocation.rules.js';
import {
  changeState,
  lockConvocation,
  type LockedConvocation,
  refuseForeignOutcome,
} from './locked-convocation.js';
import { MessagePlanner } from './message-planner.port.js';
import { takeSeat } from './seats.js';

export interface ReopenConvocationCommand {
  readonly convocationId: string;
}

/** An outcome was recorded by mistake: booked again, with its seat. */
@Injectable()
export class ReopenConvocation {
  constructor(
    private readonly clock: Clock,
    private readonly planner: MessagePlanner,
  ) {}

  /** @throws NotFound, Forbidden, IllegalTransition, SlotFull, SlotClosed, AlreadyBooked */
  async execute(
    tx: EntityManager,
    command: ReopenConvocationCommand,
    actor: Actor,
  ): Promise<ConvocationView> {
    const now = await this.clock.now(tx);
    const convocation = await lockConvocation(tx, actor, command.convocationId);
    refuseForeignOutcome(actor, convocation);
    await reopen(tx, convocation, now);
    const { personId, id: convocationId, state: was } = convocation;
    await recordHistory(tx, actor, {
      event: 'convocation.reopened',
      personId,
      convocationId,
      detail: { was },
    });
    await this.planner.plan(tx, { convocationId, change: 'reopened', notify: false });
    return findConvocation(tx, actor, convocationId);
  }
}

async function reopen(tx: EntityManager, convocation: LockedConvocation, now: Instant): Promise<void> {
  try {
    const state = await changeState(tx, convocation, 'reopen', now);
    if (convocation.slotId !== null && seatChange(convocation.state, state) === 1)
      await takeSeat(tx, convocation.slotId);
  } catch (error) {
    if (violatedConstraint(error) === 'convocation_once') throw new AlreadyBooked();
    throw error;
  }
}

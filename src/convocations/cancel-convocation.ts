import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { recordHistory } from '../persons/history.js';
import { Clock } from '../platform/clock.js';
import { ValidationFailed } from '../shared/domain-error.js';
import { type ConvocationView, findConvocation } from './convocation.queries.js';
import { CANCELLED_BY, type CancelledBy } from './domain/convocation.states.js';
import { changeState, lockConvocation } from './locked-convocation.js';
import { MessagePlanner } from './message-planner.port.js';
import { freeSeat } from './seats.js';

export interface CancelConvocationCommand {
  readonly convocationId: string;
  /** Default: the service. */
  readonly cancelledBy?: CancelledBy | null | undefined;
  readonly notify: boolean;
}

@Injectable()
export class CancelConvocation {
  constructor(
    private readonly clock: Clock,
    private readonly planner: MessagePlanner,
  ) {}

  /** @throws NotFound, ValidationFailed, IllegalTransition, TooLate */
  async execute(
    tx: EntityManager,
    command: CancelConvocationCommand,
    actor: Actor,
  ): Promise<ConvocationView> {
    const { convocationId, notify } = command;
    const cancelledBy = command.cancelledBy ?? 'service';
    if (!CANCELLED_BY.includes(cancelledBy))
      throw new ValidationFailed([{ field: 'cancelledBy', code: 'isIn', message: CANCELLED_BY.join(', ') }]);
    const now = await this.clock.now(tx);
    const convocation = await lockConvocation(tx, actor, convocationId);
    await changeState(tx, convocation, 'cancel', now, cancelledBy);
    if (convocation.slotId !== null) await freeSeat(tx, convocation.slotId);
    const { personId } = convocation;
    await recordHistory(tx, actor, {
      event: 'convocation.cancelled',
      personId,
      convocationId: convocation.id,
      detail: { cancelledBy, notify },
    });
    await this.planner.plan(tx, { convocationId: convocation.id, change: 'cancelled', notify });
    return findConvocation(tx, actor, convocation.id);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { recordHistory } from '../persons/history.js';
import { Clock } from '../platform/clock.js';
import { type ConvocationView, findConvocation } from './convocation.queries.js';
import { changeState, lockConvocation, refuseForeignOutcome } from './locked-convocation.js';
import { MessagePlanner } from './message-planner.port.js';
import { freeSeat } from './seats.js';

export type Outcome = 'attend' | 'miss' | 'excuse';

export interface RecordAttendanceCommand {
  readonly convocationId: string;
  readonly outcome: Outcome;
  /** A missed one: tells the person so. */
  readonly notify: boolean;
}

/** What each outcome is called once it is recorded. */
export const RECORDED = { attend: 'attended', miss: 'missed', excuse: 'excused' } as const satisfies Record<
  Outcome,
  string
>;

@Injectable()
export class RecordAttendance {
  constructor(
    private readonly clock: Clock,
    private readonly planner: MessagePlanner,
  ) {}

  /** @throws NotFound, Forbidden (a place of another service), IllegalTransition, TooEarly */
  async execute(tx: EntityManager, command: RecordAttendanceCommand, actor: Actor): Promise<ConvocationView> {
    const { outcome, notify } = command;
    const change = RECORDED[outcome];
    const now = await this.clock.now(tx);
    const convocation = await lockConvocation(tx, actor, command.convocationId);
    refuseForeignOutcome(actor, convocation);
    await changeState(tx, convocation, outcome, now);
    if (outcome === 'excuse' && convocation.slotId !== null) await freeSeat(tx, convocation.slotId);
    const { personId, id: convocationId } = convocation;
    await recordHistory(tx, actor, {
      event: `convocation.${change}`,
      personId,
      convocationId,
      detail: { notify },
    });
    await this.planner.plan(tx, { convocationId, change, notify });
    return findConvocation(tx, actor, convocationId);
  }
}

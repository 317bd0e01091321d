import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock.js';
import { addRow, heldRow, refused, withdrawRow } from './register-store.js';

export interface StopRolloutCommand {
  readonly rolloutId: string;
  /** First day without messages again, `YYYY-MM-DD`. */
  readonly stoppedOn: string;
  readonly note: string;
}

/** Writes down that a roll-out ended; the row as it was stays in the history. */
@Injectable()
export class StopRollout {
  constructor(private readonly clock: Clock) {}

  /** @throws Forbidden, NotFound, ValidationFailed (`stoppedOn:stopped` for one that has ended) */
  async execute(tx: EntityManager, command: StopRolloutCommand, actor: Actor): Promise<void> {
    const { row, today } = await heldRow(tx, command.rolloutId, actor, await this.clock.now(tx));
    if (row.stoppedOn !== null) throw refused('stoppedOn', 'stopped');
    await withdrawRow(tx, row, actor);
    const note = command.note === '' ? row.note : command.note;
    await addRow(tx, { ...row, stoppedOn: command.stoppedOn, note }, actor, today, row.id);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock.js';
import { addRow, heldRow, withdrawRow } from './register-store.js';

export interface CorrectRolloutCommand {
  readonly rolloutId: string;
  /** What should have been written; null: the row should not have been written at all. */
  readonly corrected: {
    readonly startedOn: string;
    readonly stoppedOn: string | null;
    readonly note: string;
  } | null;
}

/** Replaces a row of the register that was wrong; the wrong one stays in the history, with who withdrew it. */
@Injectable()
export class CorrectRollout {
  constructor(private readonly clock: Clock) {}

  /** @throws Forbidden, NotFound, ValidationFailed */
  async execute(tx: EntityManager, command: CorrectRolloutCommand, actor: Actor): Promise<void> {
    const { row, today } = await heldRow(tx, command.rolloutId, actor, await this.clock.now(tx));
    await withdrawRow(tx, row, actor);
    if (command.corrected !== null) await addRow(tx, { ...row, ...command.corrected }, actor, today, row.id);
  }
}

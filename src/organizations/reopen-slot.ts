import { Injectable } from '@nestjs/common';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock.js';
import { instantOf } from '../shared/time.js';
import { InThePast } from './domain/opening.js';
import { findManagedSlot } from './managed-slot.js';
import { findSlot, type SlotView } from './slot.queries.js';

export interface ReopenSlotCommand {
  readonly slotId: string;
}

/** Free seats can be booked again. Again changes nothing. */
@Injectable()
export class ReopenSlot {
  constructor(private readonly clock: Clock) {}

  /** @throws Forbidden, NotFound, InThePast */
  async execute(tx: EntityManager, command: ReopenSlotCommand, actor: Actor): Promise<SlotView> {
    const slot = await findManagedSlot(tx, actor, command.slotId);
    const now = await this.clock.now(tx);
    if (Temporal.Instant.compare(instantOf(slot.startsAt), now) <= 0) throw new InThePast();
    await tx.query('UPDATE slot SET closed_at = NULL WHERE id = $1', [slot.id]);
    return findSlot(tx, actor, slot.id);
  }
}

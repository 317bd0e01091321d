import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { ValidationFailed } from '../shared/domain-error.js';
import { findManagedSlot } from './managed-slot.js';
import { findSlot, type SlotView } from './slot.queries.js';
import { refuseSlotShape } from './slot-shape.js';

export interface ChangeCapacityCommand {
  readonly slotId: string;
  readonly capacity: number;
}

@Injectable()
export class ChangeCapacity {
  /** @throws Forbidden, NotFound, ValidationFailed out of bounds or under the seats taken */
  async execute(tx: EntityManager, command: ChangeCapacityCommand, actor: Actor): Promise<SlotView> {
    refuseSlotShape(command);
    const slot = await findManagedSlot(tx, actor, command.slotId);
    const [, changed]: [unknown, number] = await tx.query(
      'UPDATE slot SET capacity = $2 WHERE id = $1 AND seats_taken <= $2',
      [slot.id, command.capacity],
    );
    if (changed === 0)
      throw new ValidationFailed([
        { field: 'capacity', code: 'below-seats-taken', message: 'more persons are already booked' },
      ]);
    return findSlot(tx, actor, slot.id);
  }
}

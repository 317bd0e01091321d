import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { blockPhone, type WrongNumber } from '../../persons/phone-block.js';
import { withNextConvocation } from './inbound-persons.query.js';
import { openTasks } from '../follow-up/open-tasks.js';

/**
 * « Ce n'est pas moi »: nothing leaves to the number any more, for anybody registered with it, and an agent of each
 * of them is asked for the right one. What is planned stops when it is about to leave.
 */
@Injectable()
export class ReportWrongPerson {
  /** Again changes nothing. */
  async execute(tx: EntityManager, wrong: WrongNumber): Promise<void> {
    const personIds = await blockPhone(tx, wrong);
    const concerned = await withNextConvocation(tx, personIds);
    await openTasks(
      tx,
      concerned
        .filter(({ archived }) => !archived)
        .map(({ personId, convocationId }) => ({
          kind: 'wrong-person',
          reason: `said-by-${wrong.origin}`,
          personId,
          convocationId,
          messageId: null,
        })),
    );
  }
}

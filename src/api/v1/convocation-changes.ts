import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { CancelConvocation } from '../../convocations/cancel-convocation.js';
import type { ConvocationView } from '../../convocations/convocation.queries.js';
import { RecordAttendance } from '../../convocations/record-attendance.js';
import { ReopenConvocation } from '../../convocations/reopen-convocation.js';
import type { ChangeConvocationDto } from './convocations.dto.js';

/** Events a program may post to a convocation, and the right each asks for; rescheduling needs a target besides. */
export const CHANGES = ['attend', 'miss', 'excuse', 'cancel', 'reopen'] as const;
export type Change = (typeof CHANGES)[number];

/** From the word in the address to the use case. */
@Injectable()
export class ConvocationChanges {
  constructor(
    private readonly recordAttendance: RecordAttendance,
    private readonly cancelConvocation: CancelConvocation,
    private readonly reopenConvocation: ReopenConvocation,
  ) {}

  run(
    tx: EntityManager,
    actor: Actor,
    convocationId: string,
    change: Change,
    { notify, cancelledBy }: ChangeConvocationDto,
  ): Promise<ConvocationView> {
    if (change === 'reopen') return this.reopenConvocation.execute(tx, { convocationId }, actor);
    if (change === 'cancel') {
      const command = { convocationId, cancelledBy, notify: notify ?? true };
      return this.cancelConvocation.execute(tx, command, actor);
    }
    const command = { convocationId, outcome: change, notify: notify ?? false };
    return this.recordAttendance.execute(tx, command, actor);
  }
}

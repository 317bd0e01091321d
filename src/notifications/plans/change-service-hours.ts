import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { may, reach } from '../../access/domain/rights.js';
import { reachesWithinScope } from '../../access/within-scope.js';
import { Forbidden, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { isUuid } from '../../shared/ids.js';
import { parseWindow } from '../domain/send-window.js';
import { type ReplanAnswer, ReplanMessages, undoneWhen } from './replan-messages.js';

export interface ChangeServiceHoursCommand {
  readonly organizationId: string;
  /** `HH:mm-HH:mm` at the place; null: the hours of the environment. */
  readonly sendWindow: string | null;
  /** False: nothing leaves on Sundays and holidays. */
  readonly sendsOnClosedDays: boolean;
  /** Says what it would change and leaves nothing behind. */
  readonly isDryRun: boolean;
}

/** When the texts of a service may leave; what is not yet sent is planned again. */
@Injectable()
export class ChangeServiceHours {
  constructor(private readonly replan: ReplanMessages) {}

  /** @throws Forbidden by role, NotFound (another service), ValidationFailed (field `window`) */
  async execute(tx: EntityManager, command: ChangeServiceHoursCommand, actor: Actor): Promise<ReplanAnswer> {
    const { organizationId, isDryRun } = command;
    return undoneWhen(isDryRun, tx, async () => {
      await this.store(tx, command, actor);
      return this.replan.execute(tx, { organizationId, typeCode: null, territory: null, isDryRun });
    });
  }

  private async store(tx: EntityManager, command: ChangeServiceHoursCommand, actor: Actor): Promise<void> {
    const { organizationId, sendWindow, sendsOnClosedDays } = command;
    if (!may(actor, 'plan.manage')) throw new Forbidden('plan.manage');
    // Messages are planned again with the eyes of a worker: what PostgreSQL shows the caller bounds it too.
    const isOwn = reachesWithinScope(reach(actor, 'plan.manage'), organizationId);
    if (!isOwn || !isUuid(organizationId)) throw new NotFound('organization');
    if (sendWindow !== null) demandOpen(sendWindow);
    const [, count]: [unknown, number] = await tx.query(
      'UPDATE organization SET send_window = $2, sends_on_closed_days = $3 WHERE id = $1',
      [organizationId, sendWindow, sendsOnClosedDays],
    );
    if (count === 0) throw new NotFound('organization');
  }
}

/** A window of one minute holds the texts of no day: what it leaves out would become tasks. */
function demandOpen(sendWindow: string): void {
  const { from, to } = parseWindow(sendWindow);
  if (from !== to) return;
  throw new ValidationFailed([{ field: 'window', code: 'range', message: 'ends after it begins' }]);
}

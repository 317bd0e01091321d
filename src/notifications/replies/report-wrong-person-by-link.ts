import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { recordHistory } from '../../persons/history.js';
import { findStopLink, type StopLinkView } from '../../persons/stop-messages-by-link.js';
import { openTasks } from '../follow-up/open-tasks.js';
import { ReportWrongPerson } from './report-wrong-person.js';

/** Whoever received the link says that it was not for them. */
@Injectable()
export class ReportWrongPersonByLink {
  constructor(private readonly reportWrongPerson: ReportWrongPerson) {}

  /** Again changes nothing. @throws NotFound when the token is unknown or has expired */
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<void> {
    const link = await findStopLink(tx, command.token);
    if (link.saidWrongPerson) return;
    if (link.phoneId === null) await reportAddress(tx, link);
    else await this.reportWrongPerson.execute(tx, { phoneId: link.phoneId, origin: 'link' });
  }
}

/** An e-mail has no number to block: history and a task ask for the right address. */
async function reportAddress(tx: EntityManager, { personId, convocationId }: StopLinkView): Promise<void> {
  await recordHistory(tx, null, { event: 'address.wrong-person', personId, convocationId });
  await openTasks(tx, [
    { kind: 'wrong-person', reason: 'said-by-link', personId, convocationId, messageId: null },
  ]);
}

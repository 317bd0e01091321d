import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { recordHistory } from '../../persons/history.js';
import { blockEmail } from '../../persons/phone-block.js';
import { findStopLink, type StopLinkView } from '../../persons/stop-messages-by-link.js';
import { withNextConvocation } from './inbound-persons.query.js';
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

/**
 * Nothing leaves to the address any more, for anybody registered with it, and an agent of each of them is asked for
 * the right one: of the person of the link even when the address had been stopped or corrected before.
 */
async function reportAddress(tx: EntityManager, link: StopLinkView): Promise<void> {
  const { personId, convocationId, emailId } = link;
  const others = emailId === null ? [] : await blockEmail(tx, emailId);
  const concerned = await withNextConvocation(
    tx,
    others.filter((id) => id !== personId),
  );
  const all = [{ personId, convocationId, archived: false }, ...concerned];
  for (const about of all)
    await recordHistory(tx, null, {
      event: 'address.wrong-person',
      personId: about.personId,
      convocationId: about.convocationId ?? undefined,
    });
  await openTasks(
    tx,
    all
      .filter(({ archived }) => !archived)
      .map((about) => ({
        kind: 'wrong-person',
        reason: 'said-by-email',
        personId: about.personId,
        convocationId: about.convocationId,
        messageId: null,
      })),
  );
}

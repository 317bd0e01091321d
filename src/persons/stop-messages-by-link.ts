import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NotFound } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';
import { recordHistory } from './history.js';
import { blockEmail, blockPhone } from './phone-block.js';
import { LINK_WORKS } from './stop-link.query.js';
import { stopNumber } from './stop-number.js';

export interface StopLinkView {
  readonly personId: string;
  readonly convocationId: string;
  /** The contact of the number the link was sent to; null when it left by e-mail. */
  readonly phoneId: string | null;
  /** The contact of the address it was sent to; null when it left as a text, or when none is known. */
  readonly emailId: string | null;
  readonly register: 'standard' | 'discreet';
  /** Null while messages are still sent there, to whomever. */
  readonly stoppedAt: Date | null;
  /** A refusal was noted by the service: who holds the number may still say it for themselves. */
  readonly isNoted: boolean;
  /** Whoever received it has said that it is not for them. */
  readonly saidWrongPerson: boolean;
  /** Of the appointment: the clock its reader knows. */
  readonly timeZone: string;
}

/**
 * What a stop page shows before anything is done.
 * @throws NotFound when the token is unknown or has expired
 */
export async function findStopLink(tx: EntityManager, token: string): Promise<StopLinkView> {
  const rows: StopLinkView[] = await tx.query(
    `SELECT p.id AS "personId", l.convocation_id AS "convocationId", number.id AS "phoneId", p.register,
            address.id AS "emailId",
            coalesce(block.since, refused.since) AS "stoppedAt",
            coalesce(refused.noted, false) AS "isNoted", c.time_zone AS "timeZone",
            CASE WHEN number.id IS NOT NULL THEN block.since IS NOT NULL
              ELSE EXISTS (SELECT FROM history_entry h WHERE h.person_id = p.id AND h.event = 'address.wrong-person'
                              AND CASE WHEN address.id IS NULL THEN h.convocation_id = l.convocation_id
                                    ELSE h.at >= block.since END)
            END AS "saidWrongPerson"
       FROM stop_link l
       JOIN person p ON p.id = l.person_id
       JOIN convocation c ON c.id = l.convocation_id
       LEFT JOIN contact number ON number.id = coalesce(l.recipient_id, p.phone_id) AND number.kind = 'phone'
       LEFT JOIN contact address ON number.id IS NULL AND address.id = coalesce(l.recipient_id, p.email_id)
       LEFT JOIN phone_block block ON block.phone_id = coalesce(number.id, address.id)
       LEFT JOIN LATERAL (
         SELECT CASE WHEN bool_and(o.sms_refused_at IS NOT NULL) THEN max(o.sms_refused_at) END AS since,
                bool_or(o.sms_refused_origin = 'agent') AS noted
           FROM person o WHERE o.phone_id = number.id) AS refused ON true
      WHERE l.token_hash = $1 AND ${LINK_WORKS}`,
    [digest(token)],
  );
  const link = rows[0];
  if (link === undefined) throw new NotFound('stop link');
  return link;
}

/**
 * Whoever proves nothing but the link received asks for no more messages where it was received: no text to that number
 * any more; by the link of an e-mail, nothing to that address, and texts go on. A number or an address that the person
 * has since goes on.
 */
@Injectable()
export class StopMessagesByLink {
  /** Again changes nothing. @throws NotFound when the token is unknown or has expired */
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<StopLinkView> {
    const link = await findStopLink(tx, command.token);
    const { phoneId } = link;
    if (phoneId === null) await stopEmails(tx, link);
    else if (!(await stopNumber(tx, phoneId, link))) await blockPhone(tx, { phoneId, origin: 'link' });
    return findStopLink(tx, command.token);
  }
}

/** For everybody registered with the address: it is read by one hand. */
async function stopEmails(tx: EntityManager, { emailId }: StopLinkView): Promise<void> {
  if (emailId === null) return;
  for (const personId of await blockEmail(tx, emailId))
    await recordHistory(tx, null, { event: 'address.stopped', personId });
}

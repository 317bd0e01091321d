import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NotFound } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';
import { recordHistory } from './history.js';
import { blockEmail } from './phone-block.js';
import { stopMessages } from './sms-refusal.js';

export interface StopLinkView {
  readonly personId: string;
  readonly convocationId: string;
  /** The contact of the number the link was sent to; null when it left by e-mail. */
  readonly phoneId: string | null;
  /** The contact of the address it was sent to; null when it left as a text, or when none is known. */
  readonly emailId: string | null;
  readonly register: 'standard' | 'discreet';
  /** Null while messages are still sent this way. */
  readonly stoppedAt: Date | null;
  /** The refusal was noted by the service: the person may still say it for themselves. */
  readonly isNoted: boolean;
  /** Whoever received it has said that it is not for them. */
  readonly saidWrongPerson: boolean;
}

/**
 * What a stop page shows before anything is done.
 * @throws NotFound when the token is unknown or has expired
 */
export async function findStopLink(tx: EntityManager, token: string): Promise<StopLinkView> {
  const rows: StopLinkView[] = await tx.query(
    `SELECT p.id AS "personId", l.convocation_id AS "convocationId", number.id AS "phoneId", p.register,
            address.id AS "emailId",
            CASE WHEN number.id IS NULL THEN block.since ELSE p.sms_refused_at END AS "stoppedAt",
            number.id IS NOT NULL AND p.sms_refused_origin IS NOT DISTINCT FROM 'agent' AS "isNoted",
            CASE WHEN number.id IS NOT NULL THEN block.since IS NOT NULL
              ELSE EXISTS (SELECT FROM history_entry h WHERE h.person_id = p.id AND h.event = 'address.wrong-person'
                              AND CASE WHEN address.id IS NULL THEN h.convocation_id = l.convocation_id
                                    ELSE h.at >= block.since END)
            END AS "saidWrongPerson"
       FROM stop_link l
       JOIN person p ON p.id = l.person_id
       LEFT JOIN contact number ON number.id = coalesce(l.recipient_id, p.phone_id) AND number.kind = 'phone'
       LEFT JOIN contact address ON number.id IS NULL AND address.id = coalesce(l.recipient_id, p.email_id)
       LEFT JOIN phone_block block ON block.phone_id = coalesce(number.id, address.id)
      WHERE l.token_hash = $1 AND l.expires_at > app_now()`,
    [digest(token)],
  );
  const link = rows[0];
  if (link === undefined) throw new NotFound('stop link');
  return link;
}

/**
 * The person, who proves nothing but the link received, asks for no more text messages; by the link of an e-mail, that
 * nothing more leaves to that address: texts go on.
 */
@Injectable()
export class StopMessagesByLink {
  /** Again changes nothing. @throws NotFound when the token is unknown or has expired */
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<StopLinkView> {
    const link = await findStopLink(tx, command.token);
    const { personId, convocationId } = link;
    if (link.phoneId === null) await stopEmails(tx, link);
    else await stopMessages(tx, null, { personId, convocationId, origin: 'person' });
    return findStopLink(tx, command.token);
  }
}

/** For everybody registered with the address: it is read by one hand. */
async function stopEmails(tx: EntityManager, { emailId }: StopLinkView): Promise<void> {
  if (emailId === null) return;
  for (const personId of await blockEmail(tx, emailId))
    await recordHistory(tx, null, { event: 'address.stopped', personId });
}

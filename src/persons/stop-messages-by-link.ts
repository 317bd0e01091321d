import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NotFound } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';
import { stopMessages } from './sms-refusal.js';

export interface StopLinkView {
  readonly personId: string;
  readonly convocationId: string;
  /** The contact of the number the link was sent to; null when it left by e-mail. */
  readonly phoneId: string | null;
  readonly register: 'standard' | 'discreet';
  /** Null while messages are still sent. */
  readonly stoppedAt: Date | null;
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
            p.sms_refused_at AS "stoppedAt",
            CASE WHEN number.id IS NULL
              THEN EXISTS (SELECT FROM history_entry h WHERE h.convocation_id = l.convocation_id
                              AND h.person_id = p.id AND h.event = 'address.wrong-person')
              ELSE EXISTS (SELECT FROM phone_block b WHERE b.phone_id = number.id)
            END AS "saidWrongPerson"
       FROM stop_link l
       JOIN person p ON p.id = l.person_id
       LEFT JOIN contact number ON number.id = coalesce(l.recipient_id, p.phone_id) AND number.kind = 'phone'
      WHERE l.token_hash = $1 AND l.expires_at > app_now()`,
    [digest(token)],
  );
  const link = rows[0];
  if (link === undefined) throw new NotFound('stop link');
  return link;
}

/** The person, who proves nothing but the link received, asks for no more text messages. */
@Injectable()
export class StopMessagesByLink {
  /** Again changes nothing. @throws NotFound when the token is unknown or has expired */
  async execute(tx: EntityManager, command: { readonly token: string }): Promise<StopLinkView> {
    const { personId, convocationId } = await findStopLink(tx, command.token);
    await stopMessages(tx, null, { personId, convocationId, origin: 'person' });
    return findStopLink(tx, command.token);
  }
}

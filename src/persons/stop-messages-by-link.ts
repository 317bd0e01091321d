import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NotFound } from '../shared/domain-error.js';
import { digest } from '../shared/tokens.js';
import { stopMessages } from './sms-refusal.js';

export interface StopLinkView {
  readonly personId: string;
  readonly convocationId: string;
  /** Null while messages are still sent. */
  readonly stoppedAt: Date | null;
}

/**
 * What a stop page shows before anything is done.
 * @throws NotFound when the token is unknown or has expired
 */
export async function findStopLink(tx: EntityManager, token: string): Promise<StopLinkView> {
  const rows: StopLinkView[] = await tx.query(
    `SELECT l.person_id AS "personId", l.convocation_id AS "convocationId", p.sms_refused_at AS "stoppedAt"
     FROM stop_link l JOIN person p ON p.id = l.person_id
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

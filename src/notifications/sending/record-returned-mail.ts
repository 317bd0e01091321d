import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { digest } from '../../shared/tokens.js';
import type { ReturnedMail } from '../domain/returned-mail.js';
import { lockMessageOf, recordFor } from './record-receipt.js';

export interface RecordReturnedMailCommand {
  /** Of the return address at which it arrived. */
  readonly token: string;
  readonly mail: ReturnedMail;
}

/** `unknown`: no e-mail of ours left with this token. */
export type ReturnFate = 'recorded' | 'nothing-to-record' | 'unknown';

/**
 * An e-mail came back: what was taken by the relay was not delivered, as an operator's receipt says it of a text. The
 * ladder goes on from there. Said again, or later contradicted, it changes nothing more.
 */
@Injectable()
export class RecordReturnedMail {
  async execute(tx: EntityManager, { token, mail }: RecordReturnedMailCommand): Promise<ReturnFate> {
    const found: { messageId: string; attemptId: string }[] = await tx.query(
      `SELECT id AS "attemptId", message_id AS "messageId" FROM delivery_attempt
        WHERE token_hash = $1 AND channel = 'email'`,
      [digest(token)],
    );
    const ids = found[0];
    if (ids === undefined) return 'unknown';
    if (mail.says !== 'failed') return 'nothing-to-record';
    const attempt = await lockMessageOf(tx, ids.messageId, ids.attemptId);
    if (attempt === undefined) return 'unknown';
    await recordFor(tx, attempt, {
      // Its answer may have been lost: that it came back proves that the relay had it.
      operatorMessageId: attempt.operatorMessageId ?? attempt.attemptId,
      status: 'undelivered',
      errorCode: mail.status,
    });
    return 'recorded';
  }
}

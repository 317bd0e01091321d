import type { EntityManager } from 'typeorm';
import type { ReplyIntent } from '../domain/reply-intent.js';

/** What a person answered by text. Shown to agents who follow the person, never in a log or an address. */
export interface ReplyView {
  readonly id: string;
  readonly receivedAt: Date;
  readonly intent: ReplyIntent;
  readonly text: string;
  /** Several persons were registered with the number: any of them may have written. */
  readonly shared: boolean;
}

const MOST = 100;

/** Latest first, at most 100; whether the caller may see the person is the caller's question. */
export async function repliesOf(tx: EntityManager, personId: string): Promise<readonly ReplyView[]> {
  return tx.query(
    `SELECT i.id, i.received_at AS "receivedAt", i.intent, i.body AS text,
            EXISTS (SELECT FROM inbound_message_person other
                     WHERE other.inbound_message_id = i.id AND other.person_id <> $1) AS shared
       FROM inbound_message_person mine
       JOIN inbound_message i ON i.id = mine.inbound_message_id
      WHERE mine.person_id = $1
      ORDER BY i.received_at DESC, i.id LIMIT ${MOST}`,
    [personId],
  );
}

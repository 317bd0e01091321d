import type { EntityManager } from 'typeorm';
import { findContacts } from '../../platform/contacts.js';
import type { Instant } from '../../shared/time.js';
import type { RecentMessage } from '../providers/message-gateway.port.js';

/** How an operator's list was read; `cut`: not back to the last call that this database knows. */
export type Reading = 'whole' | 'cut' | 'no-list' | 'no-answer';

/** What an operator took since this database last knew of it. */
export interface ListedSince {
  readonly operator: string;
  readonly since: Instant;
  readonly outcome: Reading;
  readonly messages: readonly RecentMessage[];
}

/** From where on an operator may have taken what this database does not know. */
export interface Gap {
  readonly operator: string;
  readonly since: Date;
}

/** Calls cross while a backup is taken, and an operator dates by the second. */
const MARGIN = `interval '2 minutes'`;

/** Newest call at the operator `o`; the index is by blocks of time, so that the last days are read first. */
const NEWEST = ['2 days', '35 days', '100 years'].map(
  (back) => `(SELECT max(real_started_at) FROM delivery_attempt
               WHERE operator = o.operator AND real_started_at > now() - interval '${back}')`,
);

/**
 * Since the newest call that this database knows, or its beginning, or its last release. One that our own command
 * restored began with its backup: the table of its installation is younger than what it does not know.
 * @returns none when nothing is held
 */
export async function gapsOf(tx: EntityManager, operators: readonly string[]): Promise<readonly Gap[]> {
  return tx.query(
    `SELECT o.operator, greatest(
              coalesce(coalesce(${NEWEST.join(', ')}) - ${MARGIN},
                       least((SELECT installed_at FROM environment),
                             substring(h.detail FROM '^restored from the backup of (\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z):')::timestamptz)),
              (SELECT max(real_released_at) FROM sending_hold)) AS since
       FROM sending_hold h, unnest($1::text[]) WITH ORDINALITY AS o(operator, rank)
      WHERE h.released_at IS NULL ORDER BY o.rank`,
    [operators],
  );
}

/** A number to which an operator took a text that this database does not know. */
export interface ServedContact {
  readonly operator: string;
  readonly contactId: string;
}

/**
 * Contacts to which an operator took a text that no call of ours explains: neither by its id, nor by a call to that
 * number at that time whose answer nobody knows.
 */
export async function servedContacts(
  tx: EntityManager,
  lists: readonly ListedSince[],
): Promise<readonly ServedContact[]> {
  const listed = lists.flatMap(({ operator, messages }) => messages.map((text) => ({ operator, ...text })));
  const contacts = await findContacts(
    tx,
    'phone',
    listed.map(({ recipient }) => recipient),
  );
  const known = listed.filter(({ recipient }) => contacts.has(recipient));
  if (known.length === 0) return [];
  return tx.query(
    `SELECT DISTINCT text.operator, text.recipient_id AS "contactId"
       FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[])
         AS text(operator, sid, recipient_id, created_at)
      WHERE NOT EXISTS (SELECT FROM delivery_attempt a
                         WHERE a.operator = text.operator AND a.operator_message_id = text.sid)
        AND NOT EXISTS (SELECT FROM delivery_attempt a
                         WHERE a.operator = text.operator AND a.recipient_id = text.recipient_id
                           AND a.result IN ('open', 'uncertain')
                           AND a.real_started_at BETWEEN created_at - ${MARGIN} AND created_at + ${MARGIN})`,
    [
      known.map(({ operator }) => operator),
      known.map(({ operatorMessageId }) => operatorMessageId),
      known.map(({ recipient }) => contacts.get(recipient)),
      known.map(({ createdAt }) => createdAt.toString()),
    ],
  );
}

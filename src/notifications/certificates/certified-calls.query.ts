import type { EntityManager } from 'typeorm';
import { openContact } from '../../platform/contacts.js';
import type { Instant } from '../../shared/time.js';
import type { CertifiedCall } from '../domain/certificate.js';

interface Row extends Omit<CertifiedCall, 'recipient'> {
  readonly contactId: string | null;
  readonly contactSealed: Buffer | null;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const utc = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', ${ISO})`;

/**
 * Calls made for these messages, as they were known at `at`: what an operator said later is left out, so that the same
 * question has the same answer for ever.
 */
export async function certifiedCalls(
  tx: EntityManager,
  messageIds: readonly string[],
  at: Instant,
): Promise<CertifiedCall[]> {
  const rows: Row[] = await tx.query(
    `SELECT m.id AS "messageId", m.convocation_id AS "convocationId", m.kind, m.occurrence,
       m.promise_version AS "promiseVersion", ${utc('m.first_due_at')} AS "plannedFor", a.number, a.channel, a.operator,
       a.sender, a.recipient_id AS "contactId", contact.value_sealed AS "contactSealed",
       ${utc('a.started_at')} AS "startedAt",
       CASE WHEN a.answered_at <= $2 THEN ${utc('a.answered_at')} END AS "answeredAt",
       coalesce(said.operator_message_id, CASE WHEN a.answered_at <= $2 THEN a.operator_message_id END)
         AS "operatorMessageId",
       encode(a.body_hash, 'hex') AS "bodyHash", t.version AS "templateVersion", coalesce(said.receipts, '[]') AS receipts
     FROM delivery_attempt a
     JOIN message m ON m.id = a.message_id
     LEFT JOIN contact ON contact.id = a.recipient_id
     LEFT JOIN template t ON t.id = a.template_id
     LEFT JOIN LATERAL (
       SELECT string_agg(DISTINCT r.operator_message_id, ',') AS operator_message_id,
         json_agg(json_build_object('status', r.status, 'errorCode', r.error_code, 'at', ${utc('r.received_at')})
           ORDER BY r.received_at, r.id) AS receipts
       FROM receipt r WHERE r.attempt_id = a.id AND r.received_at <= $2
     ) said ON true
     WHERE m.id = ANY($1::uuid[]) AND a.started_at <= $2
     ORDER BY a.started_at, m.id, a.number`,
    [messageIds, at.toString()],
  );
  return rows.map(({ contactId, contactSealed, ...call }) => ({
    ...call,
    recipient: masked(openContact(tx, contactId, contactSealed)),
  }));
}

/** Messages for which an operator was called: those of these convocations, and those whose text told theirs. */
export async function calledMessages(
  tx: EntityManager,
  convocationIds: readonly string[],
): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT m.id FROM message m
      WHERE m.id IN (SELECT unnest(ARRAY[own.id, own.told_by_message_id]) FROM message own
                      WHERE own.convocation_id = ANY($1::uuid[]))
        AND EXISTS (SELECT FROM delivery_attempt a WHERE a.message_id = m.id) ORDER BY m.first_due_at, m.id`,
    [convocationIds],
  );
  return rows.map(({ id }) => id);
}

/** Enough to be recognized by who has the number: its last two figures, or the domain of the address. */
function masked(value: string | null): string {
  if (value === null) return 'inconnu';
  return value.includes('@') ? `•••@${value.split('@').at(-1) ?? ''}` : `•• •• •• •• ${value.slice(-2)}`;
}

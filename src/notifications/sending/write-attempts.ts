import type { EntityManager } from 'typeorm';
import { journalEntries } from '../../access/journal/write-journal.js';
import { STOP_LINK_DAYS } from '../../persons/stop-link.query.js';
import { prepared } from '../../platform/prepared.js';
import { withCommit } from '../../platform/transaction.js';
import type { Instant } from '../../shared/time.js';
import { digest } from '../../shared/tokens.js';
import type { Channel, MessageState } from '../domain/notification.states.js';
import type { SendContext } from './send-context.js';
import { RELEASE_TOLD } from './told-same-day.js';

/** A call whose attempt is committed. */
export interface PreparedSend {
  readonly messageId: string;
  readonly attemptId: string;
  /** 1 for the first attempt of this message. */
  readonly number: number;
  readonly channel: Channel;
  readonly operator: string;
  readonly recipient: string;
  readonly body: string;
  readonly callbackUrl: string;
  /** Real time of PostgreSQL. */
  readonly realPreparedAt: Date;
  readonly returnAddress?: string | null;
  readonly validitySeconds: number;
  /** Its turn at an operator with a pace, in monotonic milliseconds; absent: at once. */
  readonly notBefore?: number;
}

/** A call about to be committed. */
export interface Attempt extends PreparedSend {
  readonly context: SendContext;
  /** Stored in place of the number or address. */
  readonly recipientId: string;
  readonly token: string;
  readonly stopToken: string | null;
  readonly segments: number;
  readonly sender: string;
  readonly awaitsReceipt: boolean;
  /** Messages withdrawn because this text says them too. */
  readonly tells: readonly string[];
}

/** A message that does not leave now, and where it goes instead. */
export interface Settled {
  readonly messageId: string;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly dueAt: Instant | null;
}

/**
 * Writes where the messages that do not leave now go instead. What one of them was to tell for others is planned
 * again on its own.
 */
export async function settle(tx: EntityManager, outcomes: readonly Settled[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx.query(
    `WITH clock AS MATERIALIZED (SELECT app_now() AS now), settled AS (
       UPDATE message m SET state = s.state, reason = s.reason, due_at = coalesce(s.due_at, m.due_at),
              settled_at = CASE WHEN s.state = 'planned' THEN NULL ELSE clock.now END, updated_at = clock.now
         FROM clock, unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) AS s(id, state, reason, due_at)
        WHERE m.id = s.id AND m.state = $5
        RETURNING m.id
     )
     ${RELEASE_TOLD} (SELECT id FROM settled)`,
    [
      outcomes.map((outcome) => outcome.messageId),
      outcomes.map((outcome) => outcome.state),
      outcomes.map((outcome) => outcome.reason),
      outcomes.map((outcome) => outcome.dueAt?.toString() ?? null),
      'queued',
    ],
  );
}

/**
 * One statement: the attempts, the links of their texts and the state `sending` exist together or not at all.
 * @param journal what the journal is told of them
 */
export async function commitAttempts(
  tx: EntityManager,
  attempts: readonly Attempt[],
  journal: readonly unknown[][],
): Promise<void> {
  const column = <T>(of: (attempt: Attempt) => T) => attempts.map(of);
  const told = attempts.flatMap((a) => a.tells.map((messageId) => ({ messageId, by: a.messageId })));
  const committed = tx.query(COMMIT_ATTEMPTS, [
    column((a) => a.attemptId),
    column((a) => a.messageId),
    column((a) => a.number),
    column((a) => a.channel),
    column((a) => a.operator),
    column((a) => a.sender),
    column((a) => a.recipientId),
    column((a) => digest(a.token)),
    column((a) => digest(a.body)),
    column((a) => a.segments),
    column((a) => a.context.templateId),
    column((a) => (a.stopToken === null ? null : digest(a.stopToken))),
    column((a) => a.context.convocationId),
    column((a) => a.context.personId),
    STOP_LINK_DAYS,
    told.map(({ messageId }) => messageId),
    told.map(({ by }) => by),
    column((a) => a.awaitsReceipt),
    'queued',
    ['planned', 'queued'],
    ...journal,
  ]);
  await withCommit(tx, committed);
}

/** States are parameters, for the reason told at `LOCK` in `send-context.query.ts`. */
const COMMIT_ATTEMPTS = prepared(`
WITH clock AS MATERIALIZED (
  SELECT app_now() AS now
), a AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::uuid[],
      $8::bytea[], $9::bytea[], $10::int[], $11::uuid[], $12::bytea[], $13::uuid[], $14::uuid[],
      $18::boolean[])
    AS a(id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash, segments,
         template_id, stop_hash, convocation_id, person_id, awaits_receipt)
), attempts AS (
  INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash,
      body_hash, segments, template_id, awaits_receipt, started_at, real_started_at)
  SELECT id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash, segments,
         template_id, awaits_receipt, clock.now, clock_timestamp() FROM a, clock
), links AS (
  INSERT INTO stop_link (token_hash, convocation_id, person_id, recipient_id, expires_at)
  SELECT stop_hash, a.convocation_id, a.person_id, a.recipient_id, c.starts_at + make_interval(days => $15)
    FROM a JOIN convocation c ON c.id = a.convocation_id WHERE stop_hash IS NOT NULL
), told AS (
  UPDATE message m SET state = 'withdrawn', reason = 'told-same-day', told_by_message_id = t.by,
         settled_at = clock.now, updated_at = clock.now
    FROM clock, unnest($16::uuid[], $17::uuid[]) AS t(id, by)
   WHERE m.id = t.id AND m.state = ANY($20::text[])
), ${journalEntries(21)}
UPDATE message m SET state = 'sending', attempts = a.number, updated_at = clock.now
  FROM a, clock WHERE m.id = a.message_id AND m.state = $19`);

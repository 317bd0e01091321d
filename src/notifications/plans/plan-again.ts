import type { EntityManager } from 'typeorm';
import type { Calendar } from '../../organizations/domain/calendar.js';
import type { Instant } from '../../shared/time.js';
import type { Channel } from '../domain/notification.states.js';
import { nextOpening } from '../domain/send-window.js';
import type { SendingRules } from '../sending/sending-rules.js';

/** Where a message would leave from. */
export interface Leaving {
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  readonly sendWindow: string | null;
}

/** A message on its way again. */
export interface Again {
  readonly messageId: string;
  readonly channel: Channel;
  readonly dueAt: Instant;
}

/** The first instant, not before the one wanted, at which a message may leave; undefined when useless by then. */
export function leavesAt(
  rules: SendingRules,
  place: Leaving,
  between: { readonly notBefore: Instant; readonly usefulUntil: Instant },
): Instant | undefined {
  const { window, isClosed } = rules.of(place);
  const dueAt = nextOpening(between.notBefore, place.timeZone, window, isClosed);
  return dueAt.epochMilliseconds < between.usefulUntil.epochMilliseconds ? dueAt : undefined;
}

/**
 * Plans messages again by another way, or the same one later: a new promise of an hour, from which its lateness is
 * counted. Only what did not arrive may.
 * @returns how many were planned
 */
export async function planAgain(tx: EntityManager, again: readonly Again[]): Promise<number> {
  if (again.length === 0) return 0;
  const [, planned]: [unknown, number] = await tx.query(
    `UPDATE message m SET state = 'planned', reason = NULL, wanted_channel = s.channel, ladder_step = m.ladder_step + 1,
            due_at = s.due_at, first_due_at = s.due_at, settled_at = NULL, followed_up_at = NULL, updated_at = app_now(),
            possible_duplicate = m.possible_duplicate OR EXISTS (
              SELECT FROM delivery_attempt a WHERE a.message_id = m.id AND a.conflicting_status = 'delivered')
       FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS s(id, channel, due_at)
      WHERE m.id = s.id AND m.state IN ('undelivered', 'failed')`,
    [
      again.map(({ messageId }) => messageId),
      again.map(({ channel }) => channel),
      again.map(({ dueAt }) => dueAt.toString()),
    ],
  );
  return planned;
}

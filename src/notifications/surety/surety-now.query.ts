import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { scopeOf } from '../../access/domain/rights.js';
import { LOOKUP_SECONDS } from '../domain/attempt-results.js';
import type { Channel, MessageKind } from '../domain/notification.states.js';

/** The engine at this moment; counts and ages only. */
export interface Pulse {
  readonly now: Date;
  /** Never simulated: what circuits and alerts of operators are dated with. */
  readonly realNow: Date;
  /** Hour promised for the oldest message that should have left; null when none waits. */
  readonly oldestDue: Date | null;
  /** Waiting over a minute after their hour. */
  readonly late: number;
  readonly waiting: number;
  readonly lastRelayRun: Date | null;
  readonly lastReceipt: Date | null;
  /** Expired in the last 24 hours, whatever their hour. */
  readonly expiredLately: number;
  /** Doubts older than ten minutes: the last look-up should have decided. */
  readonly oldDoubts: number;
  /** Not arrived for over five minutes, and no next step drawn: the ladder fails on them, or does not run. */
  readonly unfollowed: number;
  /** Seconds since the last run of each repeated task that ever ran. */
  readonly taskAges: Readonly<Record<string, number>>;
}

export interface OperatorNow {
  readonly operator: string;
  readonly circuit: 'closed' | 'open' | 'half-open';
  /** Real time; null while nothing was ever wrong. */
  readonly since: Date | null;
  readonly lastAlert: string | null;
  /** Real time. */
  readonly lastAlertAt: Date | null;
  /** Of the comparison made when a worker last started; null: never made. */
  readonly comparison: 'explained' | 'unexplained' | 'no-list' | 'no-answer' | null;
}

/** A message of which nobody knows whether it left. */
export interface Doubt {
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly channel: Channel;
  readonly organization: string;
  readonly operator: string;
  readonly startedAt: Date;
  /** Lists of the operator on which it was not. */
  readonly lookups: number;
  readonly nextLookupAt: Date | null;
  /** The last look-up decides, when the operator answers. */
  readonly decidedBy: Date;
}

/**
 * No message is useful for longer: a convocation is booked at most a year ahead. The bound is for the planner, which
 * would take an open range for a third of the table.
 */
export const LONGEST_WAIT_DAYS = 400;

/** SQL: due, or put off by a retry or a circuit. @param m qualifies the columns: empty, or `m.`; @param now SQL */
export const isPutOffAtMost = (m: string, now: string): string =>
  `${m}due_at <= greatest(${now}, ${m}updated_at + interval '10 minutes')`;

/**
 * What waits now or by a retry (five minutes at most), and not until the next opening of its window: when it was put
 * off tells them apart, in the last minutes before that opening too.
 *
 * @param now SQL of the moment
 */
export const isAwaitedAt = (now: string): string => `state IN ('planned', 'queued', 'sending')
     AND useful_until > ${now} AND ${isPutOffAtMost('', now)}`;

/** What should have left by now, by the partial index of what waits: its cost follows the backlog. */
const WAITING = `
  SELECT first_due_at AS promised FROM message
   WHERE first_due_at <= (SELECT now FROM clock)
     AND first_due_at > (SELECT now FROM clock) - interval '${LONGEST_WAIT_DAYS} days'
     AND ${isAwaitedAt('(SELECT now FROM clock)')}`;

const PULSE = `
WITH clock AS MATERIALIZED (SELECT app_now() AS now), waiting AS MATERIALIZED (${WAITING})
SELECT clock.now, now() AS "realNow",
       (SELECT min(promised) FROM waiting) AS "oldestDue",
       (SELECT count(*) FROM waiting WHERE promised < clock.now - interval '1 minute')::int AS late,
       (SELECT count(*) FROM waiting)::int AS waiting,
       (SELECT last_run_at FROM task_run WHERE task = 'relay') AS "lastRelayRun",
       (SELECT max(received_at) FROM receipt) AS "lastReceipt",
       (SELECT count(*) FROM message WHERE state = 'expired'
           AND settled_at > clock.now - interval '24 hours')::int AS "expiredLately",
       (SELECT count(*) FROM delivery_attempt WHERE result = 'uncertain'
           AND started_at < clock.now - interval '10 minutes')::int AS "oldDoubts",
       (SELECT count(*) FROM message WHERE followed_up_at IS NULL
           AND state IN ('undelivered', 'failed', 'suppressed', 'expired')
           AND settled_at < clock.now - interval '5 minutes')::int AS unfollowed,
       (SELECT coalesce(json_object_agg(task, extract(epoch FROM clock.now - last_run_at)), '{}') FROM task_run)
         AS "taskAges"
  FROM clock`;

export async function pulse(tx: EntityManager): Promise<Pulse> {
  const rows: Pulse[] = await tx.query(PULSE);
  const row = rows[0];
  if (row === undefined) throw new Error('a query without a table answers one row');
  return row;
}

/** What is known of each operator that was ever called or watched. */
export async function operatorsNow(tx: EntityManager): Promise<readonly OperatorNow[]> {
  return tx.query(
    `SELECT coalesce(s.operator, c.operator) AS operator, coalesce(s.circuit, 'closed') AS circuit,
            s.since, s.last_alert AS "lastAlert", s.last_alert_at AS "lastAlertAt",
            c.outcome AS comparison
       FROM operator_state s FULL JOIN operator_comparison c ON c.operator = s.operator
      ORDER BY 1`,
  );
}

/** Open doubts that the actor may see, oldest first, at most 20. */
export async function doubtsNow(tx: EntityManager, actor: Actor): Promise<readonly Doubt[]> {
  return tx.query(
    `SELECT m.id AS "messageId", m.kind, a.channel, o.name AS organization, a.operator, a.started_at AS "startedAt", a.lookups,
            a.next_lookup_at AS "nextLookupAt", a.started_at + make_interval(secs => $3) AS "decidedBy"
       FROM delivery_attempt a
       JOIN message m ON m.id = a.message_id
       JOIN convocation c ON c.id = m.convocation_id
       JOIN organization o ON o.id = c.organization_id
      WHERE a.result = 'uncertain' AND ($1::boolean OR o.id = ANY($2::uuid[]))
      ORDER BY a.started_at, a.id LIMIT 20`,
    [...scopeOf(actor, 'sending.read'), LOOKUP_SECONDS.at(-1)],
  );
}

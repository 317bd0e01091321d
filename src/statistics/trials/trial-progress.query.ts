import type { EntityManager } from 'typeorm';
import { elevated } from '../../platform/elevated.js';
import { STATISTICS } from '../../platform/scope.js';

/** What may be seen of an arm at any time: nothing of it says who came. */
export interface ArmProgress {
  /** Persons or services drawn into it. */
  readonly units: number;
  /** Persons summoned, reached or not. */
  readonly persons: number;
  readonly convocations: number;
  /** Past ones whose outcome is marked, cancelled ones left out. */
  readonly known: number;
  /** Past ones that nobody has marked. */
  readonly unknown: number;
  readonly cancelled: number;
  /** Persons who stopped messages since they entered. */
  readonly stops: number;
  /** Persons whose number turned out to be somebody else's since they entered. */
  readonly wrongPersons: number;
  /** Calls that an operator answered, each try of each message, and those that did not arrive. */
  readonly sent: number;
  readonly undelivered: number;
}

/** Of all its services: one row an arm, in their order; an arm nobody is in yet has zeros. */
export function trialProgress(tx: EntityManager, trialId: string): Promise<ArmProgress[]> {
  return elevated(tx, () => tx.query(PROGRESS, [trialId]), STATISTICS);
}

const PROGRESS = `
WITH booked AS (
  SELECT tc.arm, tc.convocation_id, tc.booked_at, c.person_id, c.state, c.starts_at < app_now() AS past
    FROM trial_convocation tc JOIN convocation c ON c.id = tc.convocation_id WHERE tc.trial_id = $1
), counted AS (
  SELECT arm, count(*)::int AS convocations,
         count(*) FILTER (WHERE past AND state IN ('attended', 'missed', 'excused'))::int AS known,
         count(*) FILTER (WHERE past AND state = 'booked')::int AS unknown,
         count(*) FILTER (WHERE state = 'cancelled')::int AS cancelled
    FROM booked GROUP BY arm
), entered AS (
  SELECT arm, person_id, min(booked_at) AS since FROM booked GROUP BY arm, person_id
), harmed AS (
  SELECT e.arm, count(*)::int AS persons,
         count(*) FILTER (WHERE p.sms_refused_at >= e.since AND p.sms_refused_origin <> 'agent')::int AS stops,
         count(*) FILTER (WHERE EXISTS (SELECT FROM agent_task k WHERE k.person_id = e.person_id
                            AND k.kind = 'wrong-person' AND k.opened_at >= e.since))::int AS wrong
    FROM entered e JOIN person p ON p.id = e.person_id GROUP BY e.arm
), texts AS (
  SELECT b.arm, count(*)::int AS sent,
         count(*) FILTER (WHERE x.result IN ('undelivered', 'refused'))::int AS undelivered
    FROM booked b JOIN message m ON m.convocation_id = b.convocation_id
    JOIN delivery_attempt x ON x.message_id = m.id
     AND x.result IN ('accepted', 'delivered', 'undelivered', 'refused') GROUP BY b.arm
)
SELECT (SELECT count(*)::int FROM trial_assignment s WHERE s.trial_id = a.trial_id AND s.arm = a.position) AS units,
       coalesce(h.persons, 0) AS persons, coalesce(c.convocations, 0) AS convocations,
       coalesce(c.known, 0) AS known, coalesce(c.unknown, 0) AS unknown, coalesce(c.cancelled, 0) AS cancelled,
       coalesce(h.stops, 0) AS stops, coalesce(h.wrong, 0) AS "wrongPersons",
       coalesce(x.sent, 0) AS sent, coalesce(x.undelivered, 0) AS undelivered
  FROM trial_arm a
  LEFT JOIN counted c ON c.arm = a.position
  LEFT JOIN harmed h ON h.arm = a.position
  LEFT JOIN texts x ON x.arm = a.position
 WHERE a.trial_id = $1 ORDER BY a.position`;

import type { EntityManager } from 'typeorm';
import type { Outcome } from './outcome.js';
import type { DemoVisit } from './visit.js';

const AT_ONCE = 2_000;
const COLUMNS = `id uuid, person_id uuid, type_code text, agenda_id uuid, place_id uuid, organization_id uuid,
  weekly_slot_id uuid, local_date date, local_time time, time_zone text, duration_minutes integer, created_on date,
  created_time time, created_by_organization_id uuid, created_by_agent_id uuid, assigned_to_agent_id uuid, outcome text`;

/**
 * What is past has its outcome, except today's: those of the last three hours, and half of the earlier ones,
 * are left for the agent who tries the demo.
 */
const STATE = `CASE
    WHEN v.starts_at >= (SELECT app_now()) THEN 'booked'
    WHEN v.starts_at >= date_trunc('day', (SELECT app_now()), v.time_zone)
      AND (v.starts_at > (SELECT app_now()) - interval '3 hours' OR get_bit(uuid_send(v.id), 7) = 1) THEN 'booked'
    ELSE v.outcome END`;

/** Adds the visits that are not there yet. @returns ids of the new ones */
export async function writeVisits(tx: EntityManager, visits: readonly DemoVisit[]): Promise<string[]> {
  const added: string[] = [];
  for (let from = 0; from < visits.length; from += AT_ONCE) {
    const rows: { id: string }[] = await tx.query(INSERT, [
      JSON.stringify(visits.slice(from, from + AT_ONCE)),
    ]);
    added.push(...rows.map(({ id }) => id));
  }
  await tx.query(HISTORY, [added]);
  return added;
}

/**
 * Seed-made convocations of the days during which the demo was off get their outcome, as if their agents had
 * marked them; those of the last two days stay to be marked. Their messages are left as they truly are.
 */
export async function settleOldVisits(
  tx: EntityManager,
  visits: readonly { readonly id: string; readonly outcome: Outcome }[],
): Promise<void> {
  const outcomes = visits.filter(({ outcome }) => outcome !== 'booked' && outcome !== 'cancelled');
  await tx.query(
    `UPDATE convocation c
        SET state = r.outcome, outcome_at = c.starts_at + interval '2 hours', updated_at = c.starts_at + interval '2 hours'
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, outcome text)
      WHERE c.id = r.id AND c.state = 'booked' AND c.starts_at < (SELECT app_now()) - interval '2 days'
        AND c.updated_at = c.created_at AND c.promise_version = 1`,
    [JSON.stringify(outcomes.map(({ id, outcome }) => ({ id, outcome })))],
  );
}

/** Slots of the weekly openings, then the seats that the convocations hold. */
export async function writeSlots(tx: EntityManager, slots: readonly object[]): Promise<void> {
  await tx.query(
    `INSERT INTO slot (agenda_id, type_code, weekly_slot_id, local_date, local_time, time_zone, starts_at, duration_minutes, capacity)
     SELECT w.agenda_id, w.type_code, w.id, r.local_date, w.local_time, p.time_zone,
            (r.local_date + w.local_time) AT TIME ZONE p.time_zone, w.duration_minutes, w.capacity
       FROM jsonb_to_recordset($1::jsonb) AS r(weekly_slot_id uuid, local_date date)
       JOIN weekly_slot w ON w.id = r.weekly_slot_id
       JOIN agenda a ON a.id = w.agenda_id JOIN place p ON p.id = a.place_id
     ON CONFLICT (weekly_slot_id, local_date) DO NOTHING`,
    [JSON.stringify(slots)],
  );
}

export async function countSeats(tx: EntityManager): Promise<void> {
  await tx.query(
    `UPDATE slot s SET seats_taken = taken.n
       FROM (SELECT slot_id, count(*) AS n FROM convocation
              WHERE slot_id IS NOT NULL AND state IN ('booked', 'attended', 'missed') GROUP BY slot_id) AS taken
      WHERE s.id = taken.slot_id`,
  );
}

const INSERT = `
WITH v AS (
  SELECT r.*, (r.local_date + r.local_time) AT TIME ZONE r.time_zone AS starts_at,
         (r.created_on + r.created_time) AT TIME ZONE r.time_zone AS created_at
    FROM jsonb_to_recordset($1::jsonb) AS r(${COLUMNS})
), told AS (
  SELECT v.*, ${STATE} AS state FROM v
), dated AS (
  SELECT told.*,
         CASE WHEN state IN ('attended', 'missed', 'excused') THEN starts_at + interval '2 hours' END AS outcome_at,
         CASE WHEN state = 'cancelled' THEN greatest(starts_at - interval '26 hours', created_at + interval '1 hour') END AS cancelled_at
    FROM told
)
INSERT INTO convocation (id, person_id, type_code, agenda_id, place_id, organization_id, slot_id, local_date, local_time,
  time_zone, starts_at, duration_minutes, state, created_by_organization_id, created_by_agent_id, assigned_to_agent_id,
  cancelled_by, outcome_at, created_at, updated_at)
SELECT d.id, d.person_id, d.type_code, d.agenda_id, d.place_id, d.organization_id, s.id, d.local_date, d.local_time,
  d.time_zone, d.starts_at, d.duration_minutes, d.state, d.created_by_organization_id, d.created_by_agent_id, d.assigned_to_agent_id,
  CASE WHEN d.state = 'cancelled' THEN CASE WHEN get_bit(uuid_send(d.id), 3) = 1 THEN 'person' ELSE 'service' END END,
  d.outcome_at, d.created_at, coalesce(d.outcome_at, d.cancelled_at, d.created_at)
FROM dated d LEFT JOIN slot s ON s.weekly_slot_id = d.weekly_slot_id AND s.local_date = d.local_date
ON CONFLICT (id) DO NOTHING
RETURNING id`;

const HISTORY = `
INSERT INTO history_entry (at, event, person_id, convocation_id, agent_id)
SELECT created_at, 'convocation.booked', person_id, id, created_by_agent_id FROM convocation WHERE id = ANY($1)
UNION ALL
SELECT updated_at, 'convocation.' || state, person_id, id, coalesce(assigned_to_agent_id, created_by_agent_id)
  FROM convocation WHERE id = ANY($1) AND state <> 'booked'
ORDER BY 1`;

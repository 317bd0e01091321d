import type { EntityManager } from 'typeorm';
import type { Calendar } from '../organizations/domain/calendar.js';
import type { SendJob } from '../platform/queue.js';
import type { Channel, MessageKind } from './domain/notification.states.js';
import { PLAN_CHOICE } from './plan-choice.query.js';
import { IS_HELD } from './sending-hold.js';
import { TEMPLATE_CHOICE } from './template-choice.query.js';

/** Everything one message needs to be decided and written, read after its row is locked. */
export interface SendContext {
  /** The one « now » of the batch. */
  readonly now: Date;
  /** Nothing leaves: a hold, or a database made for another environment. */
  readonly isHeld: boolean;
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly promiseVersion: number;
  readonly usefulUntil: Date;
  readonly attempts: number;
  readonly wantedChannel: Channel | null;
  readonly convocationId: string;
  readonly convocationState: string;
  readonly currentPromiseVersion: number;
  readonly startsAt: Date;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly personId: string;
  readonly phoneE164: string | null;
  readonly phoneMobile: boolean;
  readonly phoneTerritory: string | null;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly phoneFlagged: boolean;
  readonly wrongPerson: boolean;
  readonly poorCoverage: boolean;
  readonly email: string | null;
  readonly register: 'standard' | 'discreet';
  readonly showsAddress: boolean;
  readonly placeName: string;
  readonly placeAddress: string;
  readonly placePhone: string | null;
  readonly placeEmail: string | null;
  readonly contactMethod: 'phone' | 'email';
  readonly informationUrl: string | null;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  /** `HH:mm-HH:mm` of the service; null: the window of the environment. */
  readonly sendWindow: string | null;
  readonly templateId: string | null;
  readonly templateText: string | null;
  /** In which it is written: the person's, or French. */
  readonly templateLanguage: string | null;
  /** No text of this convocation has left yet: this one carries the stop link. */
  readonly isFirst: boolean;
  readonly weeklyLimit: number | null;
  /** Of a reminder: no later one of this promise is still to come. */
  readonly isLastReminder: boolean;
  /** Of a reminder: what else the person was sent in the last seven days, oldest first. */
  readonly recent: readonly RecentRow[] | null;
  /** Of a reminder: those of the person's other appointments of that day that this text can say too. */
  readonly sameDay: readonly SameDayRow[] | null;
}

export interface RecentRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly convocationId: string;
  readonly promiseVersion: number;
}

export interface SameDayRow {
  readonly messageId: string;
  readonly convocationId: string;
  /** `HH:mm` at the place. */
  readonly time: string;
  readonly placeName: string;
}

/**
 * Locks the rows of these jobs that are still theirs (state and epoch), each after the person it is for: two workers
 * never decide for one person at the same time, and lock in one order.
 */
export async function lockClaimed(tx: EntityManager, jobs: readonly SendJob[]): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT m.id FROM unnest($1::uuid[], $2::int[]) AS job(id, epoch)
       JOIN message m ON m.id = job.id AND m.claim_epoch = job.epoch
       JOIN convocation c ON c.id = m.convocation_id
       JOIN person p ON p.id = c.person_id
      WHERE m.state = 'queued' ORDER BY p.id, m.id FOR NO KEY UPDATE OF p, m`,
    [jobs.map((job) => job.messageId), jobs.map((job) => job.epoch)],
  );
  return rows.map((row) => row.id);
}

/**
 * Read in a statement of its own, after the lock, so that it sees what was committed while waiting for it.
 * @param environment `APP_ENV` of this process
 */
export async function readContexts(
  tx: EntityManager,
  ids: readonly string[],
  environment: string,
): Promise<readonly SendContext[]> {
  return tx.query(CONTEXTS, [ids, environment]);
}

/** Texts that left, or may have, in the last seven days; their convocations start at most so many days earlier. */
const RECENT = `
  SELECT jsonb_agg(jsonb_build_object(
           'at', floor(extract(epoch FROM CASE WHEN x.state IN ('accepted', 'delivered') THEN x.accepted_at
                                               ELSE x.updated_at END) * 1000),
           'convocationId', x.convocation_id, 'promiseVersion', x.promise_version)) AS texts
    FROM convocation other JOIN message x ON x.convocation_id = other.id
   WHERE m.kind = 'reminder' AND other.person_id = m.person_id AND x.id <> m.id
     AND other.starts_at > m.now - interval '15 days'
     AND (x.state IN ('sending', 'uncertain')
          OR x.state IN ('accepted', 'delivered') AND x.accepted_at > m.now - interval '7 days')`;

/** A text that is tried again says what it had said before. */
const SAME_DAY = `
  SELECT jsonb_agg(jsonb_build_object('messageId', x.id, 'convocationId', other.id,
           'time', to_char(other.local_time, 'HH24:MI'), 'placeName', place.name)
           ORDER BY other.starts_at, other.id) AS rows
    FROM convocation other JOIN message x ON x.convocation_id = other.id JOIN place ON place.id = other.place_id
   WHERE m.kind = 'reminder' AND other.person_id = m.person_id AND other.id <> m.convocation_id
     AND other.starts_at BETWEEN m.starts_at - interval '2 days' AND m.starts_at + interval '2 days'
     AND other.local_date = m.local_date AND other.state = 'booked'
     AND x.kind = 'reminder' AND x.promise_version = other.promise_version AND x.useful_until > m.now
     AND (x.state IN ('planned', 'queued') AND x.due_at <= m.now + interval '24 hours'
          OR x.state = 'withdrawn' AND x.told_by_message_id = m.id)`;

/** Texts and plans are chosen once for all the messages of a batch that share them. */
const CONTEXTS = `
WITH clock AS MATERIALIZED (
  SELECT app_now() AS now, ${IS_HELD} OR name <> $2 AS held FROM environment
), m AS MATERIALIZED (
  SELECT m.id, m.kind, m.promise_version, m.useful_until, m.attempts, m.wanted_channel, m.occurrence, m.convocation_id,
         c.state, c.promise_version AS current_version, c.starts_at, c.local_date, c.local_time, c.time_zone, c.type_code,
         c.organization_id, c.place_id, c.person_id, p.phone_e164, p.phone_mobile, p.phone_territory, p.no_phone,
         p.sms_refused_at, p.phone_flagged_at, p.email, p.register, p.language, clock.now, clock.held
    FROM clock, message m
    JOIN convocation c ON c.id = m.convocation_id
    JOIN person p ON p.id = c.person_id
   WHERE m.id = ANY($1::uuid[])
), text AS MATERIALIZED (
  SELECT wanted.kind, p.register, p.language AS asked, c.type_code, c.organization_id, chosen.*
    FROM (SELECT DISTINCT kind, register, language, type_code, organization_id FROM m) AS one
    CROSS JOIN LATERAL (SELECT one.kind) AS wanted
    CROSS JOIN LATERAL (SELECT one.register, one.language) AS p
    CROSS JOIN LATERAL (SELECT one.type_code, one.organization_id) AS c
    CROSS JOIN LATERAL (${TEMPLATE_CHOICE}) AS chosen
), plan AS MATERIALIZED (
  SELECT c.type_code, c.organization_id, chosen.weekly_limit
    FROM (SELECT DISTINCT type_code, organization_id FROM m WHERE kind = 'reminder') AS c
    CROSS JOIN LATERAL (${PLAN_CHOICE}) AS chosen
)
SELECT m.now, m.held AS "isHeld", m.id AS "messageId", m.kind, m.promise_version AS "promiseVersion",
       m.useful_until AS "usefulUntil", m.attempts, m.wanted_channel AS "wantedChannel",
       m.convocation_id AS "convocationId", m.state AS "convocationState", m.current_version AS "currentPromiseVersion",
       m.starts_at AS "startsAt", m.local_date AS date, m.local_time AS time, m.time_zone AS "timeZone",
       m.person_id AS "personId", m.phone_e164 AS "phoneE164", m.phone_mobile AS "phoneMobile",
       m.phone_territory AS "phoneTerritory", m.no_phone AS "noPhone", m.sms_refused_at IS NOT NULL AS "smsRefused",
       m.phone_flagged_at IS NOT NULL AS "phoneFlagged",
       EXISTS (SELECT FROM phone_block b WHERE b.phone_e164 = m.phone_e164) AS "wrongPerson",
       EXISTS (SELECT FROM territory_setting s WHERE s.territory = m.phone_territory AND s.poor_coverage) AS "poorCoverage",
       m.email, m.register, ty.shows_address AS "showsAddress", pl.name AS "placeName", pl.address AS "placeAddress",
       pl.phone AS "placePhone", pl.email AS "placeEmail", pl.contact_method AS "contactMethod",
       pl.information_url AS "informationUrl", o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays",
       o.send_window AS "sendWindow", text.id AS "templateId", text.text AS "templateText",
       text.language AS "templateLanguage", plan.weekly_limit AS "weeklyLimit",
       NOT EXISTS (SELECT FROM message x WHERE x.convocation_id = m.convocation_id AND x.accepted_at IS NOT NULL)
         AS "isFirst",
       NOT EXISTS (SELECT FROM message x WHERE x.convocation_id = m.convocation_id AND x.kind = 'reminder'
                     AND x.promise_version = m.promise_version AND x.state IN ('planned', 'queued')
                     AND x.occurrence < m.occurrence) AS "isLastReminder",
       recent.texts AS recent, same_day.rows AS "sameDay"
  FROM m
  JOIN appointment_type ty ON ty.code = m.type_code
  JOIN place pl ON pl.id = m.place_id
  JOIN organization o ON o.id = m.organization_id
  LEFT JOIN text ON text.kind = m.kind AND text.register = m.register AND text.asked = m.language
   AND text.type_code = m.type_code AND text.organization_id = m.organization_id
  LEFT JOIN plan ON plan.type_code = m.type_code AND plan.organization_id = m.organization_id
  CROSS JOIN LATERAL (${RECENT}) AS recent
  CROSS JOIN LATERAL (${SAME_DAY}) AS same_day`;

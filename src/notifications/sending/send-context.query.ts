import type { EntityManager } from 'typeorm';
import { LINK_WORKS } from '../../persons/stop-link.query.js';
import { prepared } from '../../platform/prepared.js';
import type { SendJob } from '../../platform/queue.js';
import { PLAN_CHOICE } from '../plans/plan-choice.query.js';
import { SERVER_SEEN } from '../surety/restored-evidence.query.js';
import { IS_HELD } from '../surety/sending-hold.js';
import { TEMPLATE_CHOICE, TRIAL_TEXT } from '../templates/template-choice.query.js';
import { OPERATOR_ROWS } from './operator-view.js';
import type { LockedBatch, SeenBatch, SendContext } from './send-context.js';

/** As the statement answers: times in milliseconds since 1970, with the first row alone. */
interface ContextRow extends SendContext {
  readonly seen: (Omit<SeenBatch, 'now' | 'realNow'> & Readonly<Record<'now' | 'realNow', number>>) | null;
}

/**
 * Locks the rows of these jobs that are still theirs (state and epoch), each after the person it is for: two workers
 * never decide for one person at the same time, and lock in one order. What is read of them is read in a statement of
 * its own, after the lock, so that it sees what was committed while waiting for it; both are sent at once.
 * @param environment `APP_ENV` of this process; @param mark attempt that the database must know, or null
 * @returns undefined when none is theirs any more
 */
export async function lockAndRead(
  tx: EntityManager,
  jobs: readonly SendJob[],
  environment: string,
  mark: string | null,
): Promise<LockedBatch | undefined> {
  const asked = jobs.map((job) => job.messageId);
  const [locked, rows] = await Promise.all([
    tx.query<{ id: string }[]>(LOCK, [asked, jobs.map((job) => job.epoch), 'queued']),
    tx.query<ContextRow[]>(CONTEXTS, [asked, environment, mark]),
  ]);
  const ours = new Set(locked.map(({ id }) => id));
  const contexts = rows.filter(({ messageId }) => ours.has(messageId));
  const seen = rows[0]?.seen;
  if (seen == null || contexts.length === 0) return undefined;
  return { seen: { ...seen, now: new Date(seen.now), realNow: new Date(seen.realNow) }, contexts };
}

/**
 * The same of other messages of persons who are locked already. Those that another transaction holds are left to it:
 * an agent may be moving or cancelling what they announce.
 */
export async function lockAndReadFree(
  tx: EntityManager,
  messageIds: readonly string[],
  environment: string,
  mark: string | null,
): Promise<readonly SendContext[]> {
  const [locked, contexts] = await Promise.all([
    tx.query<{ id: string }[]>(LOCK_FREE, [messageIds, ['planned', 'queued']]),
    tx.query<SendContext[]>(CONTEXTS, [messageIds, environment, mark]),
  ]);
  const free = new Set(locked.map(({ id }) => id));
  return contexts.filter(({ messageId }) => free.has(messageId));
}

const LOCK_FREE = prepared(`
SELECT id FROM message
 WHERE id = ANY($1::uuid[]) AND (state = ANY($2::text[]) OR told_by_message_id IS NOT NULL)
 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`);

/** The state is a parameter: as a constant it would invite a plan that reads all that is queued, by the index of it. */
const LOCK = prepared(`
SELECT m.id FROM unnest($1::uuid[], $2::int[]) AS job(id, epoch)
  JOIN message m ON m.id = job.id AND m.claim_epoch = job.epoch
  JOIN convocation c ON c.id = m.convocation_id
  JOIN person p ON p.id = c.person_id
 WHERE m.state = $3 ORDER BY p.id, m.id FOR NO KEY UPDATE OF p, m`);

/** SQL: since 1970. */
function milliseconds(of: string): string {
  return `floor(extract(epoch FROM ${of}) * 1000)`;
}

/** SQL: the plan in force has this message wait its turn. */
const IS_SPACED = `
  coalesce(CASE m.kind WHEN 'summons' THEN plan.spaces_summons WHEN 'after-absence' THEN plan.spaces_absence END, false)`;

/**
 * What else of that day this text can say (a reminder: those of the next 24 hours; an announcement: those of its kind
 * that are due); one that is tried again says what it had said before. And, of a reminder or of news that is spaced, what
 * else the person was sent in the last seven days (their convocations start at most so many days earlier). `OFFSET 0`
 * keeps the planner on the indexes of one person and one convocation, whatever its statistics say.
 */
const LATELY = `
  SELECT jsonb_agg(jsonb_build_object('at', ${milliseconds('x.told_at')}, 'textId', coalesce(x.told_by_message_id, x.id),
           'kind', x.kind, 'convocationId', x.convocation_id, 'promiseVersion', x.promise_version))
           FILTER (WHERE x.told_at IS NOT NULL OR x.told_by_message_id IS NOT NULL) AS recent,
         jsonb_agg(jsonb_build_object('messageId', x.id, 'convocationId', x.convocation_id, 'isTold', x.state = 'withdrawn',
           'time', to_char(x.local_time, 'HH24:MI'), 'isAlike', x.is_alike, 'usefulUntil', ${milliseconds('x.useful_until')}) ORDER BY x.starts_at, x.convocation_id)
           FILTER (WHERE x.is_same_day) AS same_day,
         jsonb_agg(x.id) FILTER (WHERE x.is_news_due) AS news_due
    FROM (
      SELECT x.id, x.kind, x.state, x.told_by_message_id, x.convocation_id, x.promise_version, other.local_time, other.starts_at,
             x.useful_until, m.kind = 'reminder' AND other.place_id = m.place_id AND other.type_code = m.type_code AS is_alike,
             CASE WHEN x.id = m.id THEN NULL WHEN x.state IN ('sending', 'uncertain') THEN x.updated_at
                  WHEN x.state IN ('accepted', 'delivered') AND x.accepted_at > m.now - interval '7 days' THEN x.accepted_at
             END AS told_at,
             other.state = CASE m.kind WHEN 'cancellation' THEN 'cancelled' ELSE 'booked' END
             AND other.id <> m.convocation_id AND other.local_date = m.local_date
             AND x.kind = m.kind AND x.promise_version = other.promise_version AND x.useful_until > m.now
             AND (x.state IN ('planned', 'queued') AND x.due_at <= m.now + CASE m.kind WHEN 'reminder' THEN interval '24 hours' ELSE interval '0' END
                  OR x.state = 'withdrawn' AND x.told_by_message_id = m.id) AS is_same_day,
             m.kind = 'reminder' AND x.kind <> 'reminder' AND x.lane <= m.lane AND x.state IN ('planned', 'queued')
             AND x.due_at <= m.now AND x.useful_until > m.now AND x.promise_version = other.promise_version
             AND other.state = CASE x.kind WHEN 'cancellation' THEN 'cancelled' WHEN 'after-absence' THEN 'missed' ELSE 'booked' END
             AS is_news_due
        FROM (SELECT c.id, c.state, c.promise_version, c.local_date, c.local_time, c.starts_at, c.place_id, c.type_code
                FROM convocation c
               WHERE c.person_id = m.person_id AND c.starts_at > m.now - interval '15 days'
                 AND (m.kind = 'reminder' OR ${IS_SPACED} OR c.id <> m.convocation_id AND c.local_date = m.local_date) OFFSET 0) AS other
        CROSS JOIN LATERAL (SELECT * FROM message WHERE convocation_id = other.id OFFSET 0) AS x
       WHERE m.kind <> 'after-absence' OR ${IS_SPACED}
    ) AS x`;

/**
 * No other text of this convocation was taken, or all came back: one that did not arrive gave nobody its stop link.
 * And, of a reminder, no later one of this promise is to come.
 */
const ITS_OWN = `
  SELECT count(*) FILTER (WHERE x.id <> m.id AND (x.state IN ('accepted', 'delivered')
                            OR (SELECT teller.state FROM message teller WHERE teller.id = x.told_by_message_id) IN ('accepted', 'delivered'))) = 0 AS is_first,
         count(*) FILTER (WHERE x.kind = 'reminder' AND x.promise_version = m.promise_version
                            AND x.state IN ('planned', 'queued') AND x.occurrence < m.occurrence) = 0 AS is_last
    FROM message x WHERE x.convocation_id = m.convocation_id`;

/**
 * SQL: nothing that arrived there, or may have, for the person of `m` has a stop link that works.
 * @param recipient SQL of a contact
 */
function lacksLink(recipient: string): string {
  return `NOT EXISTS (
    SELECT FROM stop_link l WHERE l.recipient_id = ${recipient} AND l.person_id = m.person_id AND ${LINK_WORKS}
       AND EXISTS (SELECT FROM message x JOIN delivery_attempt a ON a.message_id = x.id
                    WHERE x.convocation_id = l.convocation_id AND a.recipient_id = l.recipient_id
                      AND a.result IN ('open', 'uncertain', 'accepted', 'delivered')))`;
}

/** Texts and plans are chosen once for all the messages of a batch that share them. */
const CONTEXTS = prepared(`
WITH clock AS MATERIALIZED (
  SELECT app_now() AS now, clock_timestamp() AS real_now, ${IS_HELD} OR (SELECT name FROM environment) <> $2 AS held,
         ${SERVER_SEEN} AS server, (SELECT coalesce(jsonb_agg(o), '[]') FROM (${OPERATOR_ROWS}) AS o) AS operators,
         $3::uuid IS NULL OR EXISTS (SELECT FROM delivery_attempt WHERE id = $3::uuid) AS knows_mark
), m AS MATERIALIZED (
  SELECT m.id, m.kind, m.lane, m.due_at, m.promise_version, m.useful_until, m.attempts, m.wanted_channel, m.ladder_step, m.occurrence,
         m.convocation_id, c.state, c.promise_version AS current_version, c.starts_at, c.local_date, c.local_time,
         c.time_zone, c.type_code, c.organization_id, c.place_id, c.person_id, p.phone_id, p.phone_mobile,
         p.phone_territory, p.no_phone, p.sms_refused_at, p.phone_flagged_at, p.email_id, p.email_flagged_at, p.register, p.language,
         clock.now
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
  SELECT c.type_code, c.organization_id, chosen.weekly_limit, chosen.steps @? '$[*] ? (@.kind == "summons" && @.isSpaced == true)' AS spaces_summons,
         chosen.steps @? '$[*] ? (@.kind == "after-absence" && @.isSpaced == true)' AS spaces_absence
    FROM (SELECT DISTINCT type_code, organization_id FROM m WHERE kind IN ('reminder', 'summons', 'after-absence')) AS c
    CROSS JOIN LATERAL (${PLAN_CHOICE}) AS chosen
)
SELECT CASE WHEN row_number() OVER () = 1 THEN (
         SELECT jsonb_build_object('now', ${milliseconds('now')}, 'realNow', ${milliseconds('real_now')}, 'isHeld', held,
                  'server', server, 'operators', operators, 'knowsMark', knows_mark) FROM clock)
       END AS seen, m.id AS "messageId", m.kind, m.lane, m.due_at AS "dueAt",
       m.promise_version AS "promiseVersion", m.useful_until AS "usefulUntil", m.attempts,
       m.wanted_channel AS "wantedChannel", m.ladder_step > 0 AS "isRepeat", m.convocation_id AS "convocationId", m.state AS "convocationState",
       m.current_version AS "currentPromiseVersion", m.starts_at AS "startsAt", m.local_date AS date,
       m.local_time AS time, m.time_zone AS "timeZone", m.person_id AS "personId", m.phone_id IS NOT NULL AS "hasPhone",
       m.phone_id AS "phoneId", number.value_sealed AS "phoneSealed",
       m.phone_mobile AS "phoneMobile", m.phone_territory AS "phoneTerritory", m.no_phone AS "noPhone",
       m.sms_refused_at IS NOT NULL AS "smsRefused", m.phone_flagged_at IS NOT NULL AS "phoneFlagged",
       EXISTS (SELECT FROM phone_block b WHERE b.phone_id = m.phone_id) AS "wrongPerson",
       EXISTS (SELECT FROM territory_setting s WHERE s.territory = m.phone_territory AND s.poor_coverage) AS "poorCoverage",
       m.email_id IS NOT NULL AND m.email_flagged_at IS NULL AND NOT EXISTS (SELECT FROM phone_block b WHERE b.phone_id = m.email_id) AS "hasEmail",
       m.email_id AS "emailId", address.value_sealed AS "emailSealed", m.register, ty.shows_address AS "showsAddress", pl.name AS "placeName", pl.address AS "placeAddress",
       pl.phone AS "placePhone", pl.email AS "placeEmail", pl.contact_method AS "contactMethod",
       pl.information_url AS "informationUrl", o.calendar, o.sends_on_closed_days AS "sendsOnClosedDays",
       o.send_window AS "sendWindow", text.id AS "templateId", coalesce(variant.text, text.text) AS "templateText",
       text.language AS "templateLanguage", plan.weekly_limit AS "weeklyLimit", ${IS_SPACED} AS "isSpaced", own.is_first OR ${lacksLink('m.phone_id')} AS "lacksLinkBySms",
       own.is_first OR ${lacksLink('m.email_id')} AS "lacksLinkByMail",
       own.is_last AS "isLastReminder", lately.recent, lately.same_day AS "sameDay", lately.news_due AS "newsDue"
  FROM m
  JOIN appointment_type ty ON ty.code = m.type_code
  JOIN place pl ON pl.id = m.place_id
  JOIN organization o ON o.id = m.organization_id
  LEFT JOIN contact number ON number.id = m.phone_id
  LEFT JOIN contact address ON address.id = m.email_id
  LEFT JOIN text ON text.kind = m.kind AND text.register = m.register AND text.asked = m.language
   AND text.type_code = m.type_code AND text.organization_id = m.organization_id
  LEFT JOIN LATERAL (${TRIAL_TEXT}) AS variant ON text.language = 'fr'
  LEFT JOIN plan ON plan.type_code = m.type_code AND plan.organization_id = m.organization_id
  CROSS JOIN LATERAL (${ITS_OWN}) AS own
  CROSS JOIN LATERAL (${LATELY}) AS lately`);

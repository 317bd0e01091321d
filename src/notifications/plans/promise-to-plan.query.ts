import type { EntityManager } from 'typeorm';
import type { Calendar } from '../../organizations/domain/calendar.js';
import { type Instant, instantOf, type LocalTime } from '../../shared/time.js';
import type { Told } from '../domain/cadence.js';
import type { PlanFacts, ReminderPlan } from '../domain/reminder-plan.js';
import { parsePlan } from '../domain/parse-plan.js';
import { LAST_TOLD } from '../follow-up/ask-before-old-hour.js';
import { TOLD_BY_AGENT } from '../follow-up/reach.query.js';
import { RECOMMENDED } from '../domain/reminder-plan-presets.js';
import { HOURS_APART } from '../domain/spacing.js';
import { Temporal } from 'temporal-polyfill';
import { ARM_OF_CONVOCATION, PLAN_CHOICE, RUNNING_TRIAL, STEPS_IN_ARM } from './plan-choice.query.js';
import type { ServiceHours } from '../sending/sending-rules.js';

/** A promise with the plan in force for it and what the plan's conditions look at. */
export interface PromiseToPlan {
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  readonly hours: ServiceHours;
  readonly plan: ReminderPlan;
  readonly facts: PlanFacts;
  /** Where the telephone of the person has poor coverage; else 0. */
  readonly earlierHours: number;
  readonly told: Told;
  /** Where the plan has news wait its turn: when the last text of these three hours left to the person. */
  readonly lastTextAt: Instant | null;
  readonly promisedAt: Instant;
  /** The announcement of this promise that was withdrawn before it left. */
  readonly withdrawnAnnouncement: 'summons' | 'rescheduling' | null;
  /** Earlier promises were to be announced; all of it was withdrawn before it left, and nobody told the person. */
  readonly isUnheard: boolean;
  /** Made since the service sends messages, and has none; nobody told the person of it otherwise. */
  readonly isUntold: boolean;
  /** The trial that a convocation being booked enters; null when there is none, or when it is in one already. */
  readonly trialToEnter: string | null;
  readonly now: Instant;
}

interface Row extends ServiceHours {
  readonly convocationId: string;
  readonly promiseVersion: number;
  readonly startsAt: Date;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly steps: unknown;
  readonly promisedAt: Date;
  readonly isFirst: boolean;
  readonly absences: number;
  readonly earlierHours: number;
  readonly announcedAt: Date | null;
  readonly remindedAt: Date | null;
  readonly nearestOffset: number | null;
  readonly lastTextAt: Date | null;
  readonly withdrawnAnnouncement: 'summons' | 'rescheduling' | null;
  readonly isUnheard: boolean;
  readonly isUntold: boolean;
  readonly trialToEnter: string | null;
  readonly now: Date;
}

/**
 * Whether a person had been summoned before when the promise was made, and how often they had missed by then or have
 * since: the same plan asks for the same reminders as long as the promise holds. `c` is the convocation being planned.
 */
const factsWhen = (promisedAt: string) => `
  NOT EXISTS (SELECT FROM convocation x WHERE x.person_id = c.person_id AND x.id IS DISTINCT FROM c.id
                 AND x.starts_at < c.starts_at AND x.state IN ('attended', 'missed', 'excused')
                 AND coalesce(x.outcome_at, x.starts_at) <= ${promisedAt}) AS "isFirst",
  (SELECT count(*)::int FROM convocation x WHERE x.person_id = c.person_id AND x.state = 'missed'
      AND x.starts_at > ${promisedAt} - interval '365 days') AS absences`;

/** The same of a promise made now. */
export const FACTS_OF_PERSON = factsWhen('app_now()');

/** When the promise of `c` was made; expects `TOLD` as `told`. */
const PROMISED_AT = `
  coalesce(told.first_at, CASE WHEN c.promise_version = 1 THEN c.created_at END, app_now())`;

/**
 * SQL: when the last text left to the person of `c`, in the last three hours, where their plan (`plan`) has news wait its
 * turn; convocations start at most so many days earlier than a text about them.
 */
export const LAST_TEXT_AT = `
  CASE WHEN plan.steps @? '$[*].isSpaced ? (@ == true)' THEN (
    SELECT max(coalesce(m.accepted_at, m.updated_at)) FROM convocation x JOIN message m ON m.convocation_id = x.id
     WHERE x.person_id = c.person_id AND x.starts_at > app_now() - interval '15 days'
       AND m.state IN ('sending', 'uncertain', 'accepted', 'delivered')
       AND coalesce(m.accepted_at, m.updated_at) > app_now() - interval '${HOURS_APART} hours') END`;

/** What of the promise has left, is leaving, or waits for its turn. */
const TOLD = `
  SELECT min(m.created_at) AS first_at,
         max(coalesce(m.accepted_at, m.due_at)) FILTER (WHERE m.kind IN ('summons', 'rescheduling')
           AND (m.told_by_message_id IS NOT NULL
             OR m.state IN ('planned', 'queued', 'sending', 'uncertain', 'accepted', 'delivered'))) AS announced_at,
         max(coalesce(m.accepted_at, m.due_at)) FILTER (WHERE m.kind = 'reminder'
           AND m.state IN ('queued', 'sending', 'uncertain', 'accepted', 'delivered')) AS reminded_at,
         min(m.occurrence) FILTER (WHERE m.kind = 'reminder'
           AND m.state IN ('queued', 'sending', 'uncertain', 'accepted', 'delivered')) AS nearest_offset,
         max(m.kind) FILTER (WHERE m.kind IN ('summons', 'rescheduling') AND m.state = 'withdrawn'
           AND m.told_by_message_id IS NULL) AS withdrawn_announcement
    FROM message m WHERE m.convocation_id = c.id AND m.promise_version = c.promise_version`;

/**
 * SQL condition: nothing of the promises of the convocation `c` before the present one left, and an announcement was to.
 * @param unsent SQL of the states in which it has not left: a move withdraws what waits
 */
const isUnheard = (unsent: string) => `(c.promise_version > 1 AND ${LAST_TOLD} = 0 AND (
  SELECT coalesce(bool_and(m.state IN (${unsent}) AND m.told_by_message_id IS NULL), false) FROM message m
   WHERE m.convocation_id = c.id AND m.promise_version < c.promise_version AND m.kind IN ('summons', 'rescheduling')))`;

/** The same of a convocation that is about to move: `c` has the version that it will have. */
export const WILL_BE_UNHEARD = isUnheard(`'planned', 'queued', 'withdrawn'`);

/**
 * SQL condition, beside `TOLD` as `told`: no message of the promise was ever written, though the service sent texts when
 * it was booked, and no agent told the person.
 */
const IS_UNTOLD = `(told.first_at IS NULL AND c.created_at >= coalesce(o.rolled_out_on, '-infinity'::date)
  AND NOT ${TOLD_BY_AGENT})`;

/** @returns in the order of the ids; one that does not exist is left out */
export async function readPromises(
  tx: EntityManager,
  convocationIds: readonly string[],
): Promise<readonly PromiseToPlan[]> {
  const rows: Row[] = await tx.query(
    `SELECT c.id AS "convocationId", c.promise_version AS "promiseVersion", c.starts_at AS "startsAt",
            c.local_date AS date, c.local_time AS time, c.time_zone AS "timeZone", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays", o.send_window AS "sendWindow", ${STEPS_IN_ARM} AS steps,
            CASE WHEN arm.trial_id IS NULL THEN trial.id END AS "trialToEnter",
            ${PROMISED_AT} AS "promisedAt", ${factsWhen(PROMISED_AT)},
            coalesce(territory.earlier_hours, 0) AS "earlierHours", told.announced_at AS "announcedAt",
            ${LAST_TEXT_AT} AS "lastTextAt", told.reminded_at AS "remindedAt", told.nearest_offset AS "nearestOffset",
            told.withdrawn_announcement AS "withdrawnAnnouncement", ${isUnheard(`'withdrawn'`)} AS "isUnheard",
            ${IS_UNTOLD} AS "isUntold", app_now() AS now
       FROM unnest($1::uuid[]) WITH ORDINALITY AS asked(id, position)
       JOIN convocation c ON c.id = asked.id
       JOIN organization o ON o.id = c.organization_id
       JOIN person p ON p.id = c.person_id
       LEFT JOIN territory_setting territory
         ON territory.territory = p.phone_territory AND territory.poor_coverage
       LEFT JOIN LATERAL (${PLAN_CHOICE}) AS plan ON true
       LEFT JOIN LATERAL (${ARM_OF_CONVOCATION}) AS arm ON true
       LEFT JOIN LATERAL (${RUNNING_TRIAL}) AS trial ON true
       CROSS JOIN LATERAL (${TOLD}) AS told
      ORDER BY asked.position`,
    [convocationIds],
  );
  return rows.map(promiseOf);
}

function promiseOf(row: Row): PromiseToPlan {
  const promisedAt = instantOf(row.promisedAt);
  const { convocationId, promiseVersion, date, time, timeZone, isFirst, absences } = row;
  const { withdrawnAnnouncement, isUnheard, isUntold, trialToEnter } = row;
  return {
    convocationId,
    promiseVersion,
    promise: { date, time, timeZone },
    startsAt: instantOf(row.startsAt),
    hours: row,
    plan: planOf(row.steps),
    facts: {
      bookedAheadDays: daysAhead(promisedAt, { date, time, timeZone }),
      isFirst,
      absences,
    },
    earlierHours: row.earlierHours,
    told: {
      announcedAt: row.announcedAt && instantOf(row.announcedAt),
      remindedAt: row.remindedAt && instantOf(row.remindedAt),
      nearestOffset: row.nearestOffset,
    },
    lastTextAt: row.lastTextAt && instantOf(row.lastTextAt),
    promisedAt,
    withdrawnAnnouncement,
    isUnheard,
    isUntold,
    trialToEnter,
    now: instantOf(row.now),
  };
}

/** The steps of a row; where no plan is stored at all, the recommended one. */
export function planOf(steps: unknown): ReminderPlan {
  return steps === null || steps === undefined ? RECOMMENDED : parsePlan(steps);
}

/** Calendar days at the place. */
export function daysAhead(from: Instant, promise: LocalTime): number {
  const day = from.toZonedDateTimeISO(promise.timeZone).toPlainDate();
  return day.until(Temporal.PlainDate.from(promise.date), { largestUnit: 'day' }).days;
}

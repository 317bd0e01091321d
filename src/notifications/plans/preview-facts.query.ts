import type { EntityManager } from 'typeorm';
import type { Ingredients } from '../templates/compose-message.js';
import type { Reach } from '../domain/decide-send.js';
import type { MessageKind } from '../domain/notification.states.js';
import type { Difference } from '../domain/trial.js';
import { PLAN_CHOICE, RUNNING_TRIAL, STEPS_IN_ARM } from './plan-choice.query.js';
import { WAYS_TO_REACH } from '../follow-up/reach.query.js';
import { FACTS_OF_PERSON, LAST_TEXT_AT, WILL_BE_UNHEARD } from './promise-to-plan.query.js';
import type { ServiceHours } from '../sending/sending-rules.js';
import { TEMPLATE_CHOICE } from '../templates/template-choice.query.js';

/** Another appointment of the person that day. */
export interface AlsoThatDay {
  /** `HH:mm` at its place. */
  readonly time: string;
  /** At the same place and of the same type: the hour says all of it. */
  readonly isAlike: boolean;
}

/** A booking or a move, before it is made. */
export interface PreviewFactsRequest {
  readonly personId: string;
  readonly typeCode: string;
  readonly agendaId: string;
  readonly date: string;
  /** The convocation that moves; null for a new one. */
  readonly movedId: string | null;
}

/** One row for each kind that may announce or remind: its text, and what all of them share. */
export interface PreviewFacts extends Ingredients, Reach, ServiceHours {
  readonly kind: MessageKind;
  readonly templateText: string | null;
  readonly steps: unknown;
  readonly isFirst: boolean;
  readonly absences: number;
  readonly earlierHours: number;
  readonly lastTextAt: Date | null;
  /** Of one that moves: nobody was told of it yet, and a text was to; it is announced whatever the agent wishes. */
  readonly isUnheard: boolean;
  /** The arm is drawn at the booking: what it changes is not known before. */
  readonly drawn: Difference | null;
  /** Other appointments of the person on the promised day, earliest first. */
  readonly alsoThatDay: readonly AlsoThatDay[];
}

/** Of a convocation that moves, the arm it was booked into; of a new one, that of its person or service, if any. */
const KNOWN_ARM = `
  SELECT a.trial_id, a.position, a.reminders
    FROM (SELECT tc.trial_id, tc.arm FROM trial_convocation tc JOIN trial t ON t.id = tc.trial_id
           WHERE tc.convocation_id = c.id AND t.state IN ('running', 'ended')
          UNION ALL
          SELECT s.trial_id, s.arm FROM trial_assignment s
           WHERE c.id IS NULL AND s.trial_id = trial.id
             AND s.unit_id = CASE trial.unit WHEN 'person' THEN c.person_id ELSE c.organization_id END) AS known
    JOIN trial_arm a ON a.trial_id = known.trial_id AND a.position = known.arm`;

/** The convocation that would be there. */
const AS_BOOKED = `
  SELECT $6::uuid AS id, p.id AS person_id, t.code AS type_code, t.shows_address, o.id AS organization_id,
         $5::date AS local_date, ($5::date + 1) AT TIME ZONE pl.time_zone AS starts_at,
         coalesce((SELECT promise_version + 1 FROM convocation WHERE id = $6), 1) AS promise_version
    FROM appointment_type t WHERE t.code = $2`;

const OTHERS_THAT_DAY = `
  SELECT coalesce(json_agg(json_build_object('time', to_char(x.local_time, 'HH24:MI'),
                             'isAlike', x.place_id = pl.id AND x.type_code = c.type_code)
                           ORDER BY x.starts_at), '[]') AS others
    FROM convocation x
   WHERE x.person_id = p.id AND x.state = 'booked' AND x.local_date = $5 AND x.id IS DISTINCT FROM $6`;

/** Empty when person, type or agenda does not exist. */
export async function readPreviewFacts(
  tx: EntityManager,
  { personId, typeCode, agendaId, date, movedId }: PreviewFactsRequest,
): Promise<readonly PreviewFacts[]> {
  return tx.query(
    `SELECT wanted.kind, coalesce(CASE WHEN text.language = 'fr' THEN variant.text END, text.text) AS "templateText",
            text.language AS "templateLanguage", p.register,
            c.shows_address AS "showsAddress", pl.name AS "placeName", pl.address AS "placeAddress",
            pl.phone AS "placePhone", pl.email AS "placeEmail", pl.contact_method AS "contactMethod",
            pl.information_url AS "informationUrl", pl.time_zone AS "timeZone", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays", o.send_window AS "sendWindow", ${STEPS_IN_ARM} AS steps,
            CASE WHEN arm.trial_id IS NULL AND c.id IS NULL THEN trial.differs_by END AS drawn,
            ${FACTS_OF_PERSON}, ${LAST_TEXT_AT} AS "lastTextAt", ${WILL_BE_UNHEARD} AS "isUnheard", coalesce(territory.earlier_hours, 0) AS "earlierHours",
            ${WAYS_TO_REACH},
            same_day.others AS "alsoThatDay"
       FROM unnest($4::text[]) AS wanted(kind)
       JOIN person p ON p.id = $1
       JOIN agenda ag ON ag.id = $3
       JOIN place pl ON pl.id = ag.place_id
       JOIN organization o ON o.id = pl.organization_id
       JOIN LATERAL (${AS_BOOKED}) AS c ON true
       LEFT JOIN territory_setting territory
         ON territory.territory = p.phone_territory AND territory.poor_coverage
       LEFT JOIN LATERAL (${PLAN_CHOICE}) AS plan ON true
       LEFT JOIN LATERAL (${TEMPLATE_CHOICE}) AS text ON true
       LEFT JOIN LATERAL (${RUNNING_TRIAL}) AS trial ON true
       LEFT JOIN LATERAL (${KNOWN_ARM}) AS arm ON true
       LEFT JOIN trial_text variant ON variant.trial_id = arm.trial_id AND variant.arm = arm.position
        AND variant.kind = wanted.kind AND variant.register = p.register
       CROSS JOIN LATERAL (${OTHERS_THAT_DAY}) AS same_day`,
    [personId, typeCode, agendaId, ['summons', 'rescheduling', 'reminder'], date, movedId],
  );
}
